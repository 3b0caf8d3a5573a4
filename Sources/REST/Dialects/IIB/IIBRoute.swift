import HTTPTypes

/// One route of the dialect; its path stands without the base.
struct IIBRoute: Sendable {
    /// Who may use it.
    enum Access: Sendable {
        /// Everyone, also without having logged in.
        case open
        /// Everyone who has logged in.
        case read
        /// Those who have logged in and may operate the server.
        case operate
        /// The same, and only when the permission allows to write: the endpoints marked **W** in the contract.
        case write
    }

    let method: HTTPRequest.Method
    let path: String
    let access: Access
    let handler: Route.Handler

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ access: Access = .read,
        _ handler: @escaping Route.Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.handler = handler
    }

    /// The route at its place in the server.
    func route(_ configuration: IIBConfiguration) -> Route {
        let handler = handler
        let permission: Route.Permission =
            switch access {
            case .open: .open
            case .read: .read
            case .operate, .write: .operate
            }
        guard access == .write, !configuration.permission.mayWrite else {
            return Route(method, configuration.base + path, permission: permission, handler)
        }
        let refusal = IIBError(.forbidden, text: configuration.language.notAuthorized)
        return Route(method, configuration.base + path, permission: permission) { _, _ in throw refusal }
    }
}
