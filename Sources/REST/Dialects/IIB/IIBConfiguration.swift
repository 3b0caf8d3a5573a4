package import Domain

/// Everything about the dialect of Infinite Image Browsing (contracts/iib.md) that the user may decide.
package struct IIBConfiguration: Sendable {
    /// What clients may do, whoever they are (contracts/iib.md, Access control).
    package enum Permission: String, CaseIterable, Sendable {
        case readWrite = "read-write"
        case readOnly = "read-only"
        case writeOnly = "write-only"
        case noAccess = "no-access"

        /// Whether the endpoints marked **W** may be called.
        package var mayWrite: Bool { self == .readWrite || self == .writeOnly }
    }

    /// In which language the server's messages are written.
    package enum Language: String, CaseIterable, Sendable {
        case english = "en"
        case chinese = "zh"
    }

    /// What stands before every path; begins with a slash and does not end with one.
    package var base: String
    /// What clients may do.
    package var permission: Permission
    /// Whether clients can name only the paths that ``rule`` lets them.
    package var rule: PathAccess.Rule
    /// Whether pages of any origin may use the dialect, with their cookies.
    package var allowsCORS: Bool
    /// Whether `POST /shutdown` ends the server.
    package var enablesShutdown: Bool
    /// The folder of a built web client; `nil` serves none.
    package var clientFolder: String?
    /// The folder in which thumbnails and covers are kept (as `iib_cache`); `nil` for one of the server's.
    package var cacheFolder: String?
    /// The language of messages.
    package var language: Language

    /// A dialect at its usual place, with the defaults of a server for this machine only.
    package init(
        base: String = "/infinite_image_browsing",
        permission: Permission = .readWrite,
        rule: PathAccess.Rule = .everything,
        allowsCORS: Bool = false,
        enablesShutdown: Bool = false,
        clientFolder: String? = nil,
        cacheFolder: String? = nil,
        language: Language = .english
    ) {
        self.base = base
        self.permission = permission
        self.rule = rule
        self.allowsCORS = allowsCORS
        self.enablesShutdown = enablesShutdown
        self.clientFolder = clientFolder
        self.cacheFolder = cacheFolder
        self.language = language
    }

    /// Whether a path is the dialect's.
    func owns(_ path: String) -> Bool {
        path.utf8.starts(with: base.utf8)
            && (path.utf8.count == base.utf8.count
                || path.utf8[path.utf8.index(path.startIndex, offsetBy: base.utf8.count)] == UInt8(ascii: "/"))
    }
}
