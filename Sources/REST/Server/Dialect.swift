/// Which dialect a path belongs to.
enum Dialect: Sendable {
    case native
    case vframe
    case iib

    /// The dialect of a path; `iib` is that of Infinite Image Browsing when it is served.
    init(path: String, iib: IIBConfiguration?) {
        if path == "/api/v1" || path.hasPrefix("/api/v1/") {
            self = .vframe
        } else {
            self = iib?.owns(path) ?? false ? .iib : .native
        }
    }
}
