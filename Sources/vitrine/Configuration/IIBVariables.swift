import Domain
import REST

/// What Infinite Image Browsing's own environment variables say; they mean here what they mean there
/// (contracts/iib.md, Login and Access control).
struct IIBVariables: Hashable, Sendable {
    /// `IIB_SECRET_KEY`: one more token, of an operator, which the client asks people for; `nil` for none.
    var secretKey: String?
    /// `IIB_ACCESS_CONTROL`: whether clients may name only some folders; `auto` is off.
    var isAccessControlled = false
    /// Whether it is `disable`: then everything may be named, also by those who have a token of a role.
    var isAccessFree = false
    /// `IIB_ACCESS_CONTROL_ALLOWED_PATHS`: those folders, absolute; `nil` when not set, for the library's.
    var allowedPaths: [String]?
    /// Words among the allowed paths that stand for folders of a program that is not here.
    var unknownWords: [String] = []
    /// `IIB_ACCESS_CONTROL_PERMISSION`: what clients may do.
    var permission = IIBConfiguration.Permission.readWrite
    /// `IIB_CACHE_DIR`: where thumbnails and covers are kept; `nil` for the server's own folder.
    var cacheFolder: String?
    /// `IIB_SERVER_LANG`: the language of messages.
    var language = IIBConfiguration.Language.english

    /// `IIB_DB_FILE_BACKUP_MAX`: how many daily copies of the database are kept.
    var backups = 4

    /// The words that name folders in the configuration of Stable Diffusion web UI.
    private static let words: Set<String> = ["save", "extra", "txt2img", "img2img"]

    /// Nothing is set.
    init() {}

    /// Reads the variables; an empty one says nothing.
    ///
    /// Throws ``ConfigurationError`` for a word of access control or permission that there is not: guessing could let
    /// someone in.
    init(environment: [String: String]) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        secretKey = value("IIB_SECRET_KEY")
        if let text = value("IIB_ACCESS_CONTROL") {
            switch text {
            case "enable": isAccessControlled = true
            case "disable": isAccessFree = true
            case "auto": break
            default: throw Self.complaint("IIB_ACCESS_CONTROL", "one of enable, disable, auto")
            }
        }
        if let text = value("IIB_ACCESS_CONTROL_ALLOWED_PATHS") {
            let paths = text.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }
                .map { String($0.prefix($0.count - $0.reversed().prefix { $0 == " " }.count)) }.filter { !$0.isEmpty }
            unknownWords = paths.filter(Self.words.contains)
            allowedPaths = paths.filter { !Self.words.contains($0) }.map(FolderArgument.absolute)
        }
        if let text = value("IIB_ACCESS_CONTROL_PERMISSION") {
            guard let permission = IIBConfiguration.Permission(rawValue: text) else {
                let known = IIBConfiguration.Permission.allCases.map(\.rawValue).joined(separator: ", ")
                throw Self.complaint("IIB_ACCESS_CONTROL_PERMISSION", "one of \(known)")
            }
            self.permission = permission
        }
        if let text = value("IIB_DB_FILE_BACKUP_MAX") {
            guard let number = WholeNumber.parse(text), (0...10_000).contains(number) else {
                throw Self.complaint("IIB_DB_FILE_BACKUP_MAX", "a whole number from 0 to 10000")
            }
            backups = number
        }
        cacheFolder = value("IIB_CACHE_DIR").map(FolderArgument.absolute)
        if value("IIB_SERVER_LANG")?.lowercased().hasPrefix("zh") ?? false { language = .chinese }
    }

    private static func complaint(_ name: String, _ form: String) -> ConfigurationError {
        ConfigurationError(.variable(name), "not \(form)")
    }

    /// Which paths clients may name.
    var rule: PathAccess.Rule {
        guard isAccessControlled else { return .everything }
        return allowedPaths.map { .folders($0) } ?? .library
    }

    /// What whoever starts the server should know about the variables, one sentence each.
    func notes(environment: [String: String]) -> [String] {
        var notes: [String] = []
        if !unknownWords.isEmpty {
            let words = unknownWords.joined(separator: ", ")
            notes.append("IIB_ACCESS_CONTROL_ALLOWED_PATHS: \(words) name folders of sd-webui, which is not here")
        }
        if let path = environment["IIB_DB_PATH"], !path.isEmpty {
            notes.append("IIB_DB_PATH is not used: take \(path) over once with vitrine import-iib")
        }
        return notes
    }
}
