import Domain
import Hummingbird
import NIOCore

/// What a route knows of its request besides the request.
struct APIContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// What the client may do, once the ``AccessMiddleware`` has looked.
    var role: Role?

    init(source: Source) {
        coreContext = .init(source: source)
    }
}
