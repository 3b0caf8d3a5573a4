import Domain
import Hummingbird

/// `GET /api/clients`: who is connected (contracts/realtime.md §5, **client**).
struct ClientRoutes {
    let journal: Journal

    var routes: [Route] {
        [
            Route(.get, "/api/clients") { _, _ in
                let (offset, clients) = journal.read { ($0.offset, $0.clients.clients) }
                return .json { writer in
                    writer.field("epoch", journal.epoch)
                    writer.field("offset", offset)
                    writer.field("clients", array: { for client in clients { $0.value(client) } })
                }
            }
        ]
    }
}
