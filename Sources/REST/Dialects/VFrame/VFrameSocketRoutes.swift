import Domain
import HTTPTypes
import Hummingbird

/// `/api/v1/socket/`: the connected clients, in VFrame's words (contracts/vframe.md §3, Socket).
struct VFrameSocketRoutes {
    let clients: any ClientMessenger
    let journal: Journal
    let bodyLimit: Int

    var routes: [Route] {
        [
            Route(.get, "/api/v1/socket/clients/") { _, _ in
                let ids = journal.read { $0.clients.clients }.map { JSON.string($0.id) }
                return VFrameAnswer.bare(["clients": .array(ids)])
            },
            Route(.post, "/api/v1/socket/event/") { request, _ in
                let event = try await VFrameBody.read(request, limit: bodyLimit)
                guard let id = event["userid"]?.string, clients.send(event: event, toClient: id) else {
                    return .text("error", type: "text/html; charset=utf-8", status: .notFound)
                }
                return .text("ok", type: "text/html; charset=utf-8")
            },
        ]
    }
}
