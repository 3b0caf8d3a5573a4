/// Which dialect a path belongs to.
enum Dialect: Sendable {
    case native
    case vframe

    init(path: String) {
        self = path == "/api/v1" || path.hasPrefix("/api/v1/") ? .vframe : .native
    }
}
