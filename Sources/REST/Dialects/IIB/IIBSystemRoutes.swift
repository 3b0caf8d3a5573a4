import Domain
import HTTPTypes
import Hummingbird

/// What the dialect tells of the server itself (contracts/iib.md §10).
struct IIBSystemRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/hello", .open) { _, _ in IIBAnswer.json { $0.value("hello") } }
        ]
    }
}
