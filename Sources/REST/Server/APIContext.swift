import Domain
import Hummingbird
import Logging
import NIOCore

/// What a route knows of its request besides the request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// What the client may do, once the ``AccessMiddleware`` has looked.
    var role: Role?

    /// Names the request in its answer and in the log.
    let requestID: String
    /// The connection that the answer goes to.
    let channel: any Channel

    init(source: Source) {
        requestID = source.logger[metadataKey: "hb.request.id"].map { "\($0)" } ?? Identifier.make()
        channel = source.channel
        coreContext = .init(source: source)
    }
}
