/// What one operation does to the disk and to the library's rows, in a form that is written down before it begins.
///
/// The order is: ``copies`` are made under hidden names; the ``steps`` give files their places, each of which can be
/// taken back, and hide what is to go; the rows follow in one transaction; what was hidden is removed. Until the transaction everything
/// can be undone, after it only finished.
struct FilePlan: Hashable, Codable, Sendable {
    /// A copy under a hidden name.
    struct Copy: Hashable, Codable, Sendable {
        var source: String
        var target: String
    }

    enum Step: Hashable, Codable, Sendable {
        /// What lies at `from` gets another path, where nothing is; `node` is how it is known again.
        case rename(from: String, to: String, node: FileNode)
        /// Names in this folder are on the disk before the next step.
        case flush(String)
        /// What lies at `original` is just what was copied to `copy`; fails when it has changed since.
        case compare(original: String, copy: String)
        /// A folder that is to go holds nothing.
        case expectEmpty(String)
    }

    var copies: [Copy] = []
    var steps: [Step] = []
    /// What becomes of the rows; of a copy nothing, a scan will find it.
    var rows: [FileRowChange] = []
    /// Hidden paths that are removed at last, with all below.
    var leftovers: [String] = []
    /// The folders in which something changes.
    var folders: [String] = []

    /// Whether losing the note of it in a power cut could leave something of a person's under a hidden name.
    var hidesSources: Bool {
        steps.contains { step in
            if case .rename(_, let to, _) = step { HiddenName.isHidden(to) } else { false }
        }
    }

    /// An error about a hidden path as one about the path that people know it by: where it comes from or goes to.
    func visible(_ error: SystemError) -> SystemError {
        for case .rename(let from, let to, _) in steps {
            let (hidden, known) = HiddenName.isHidden(from) ? (from, to) : (to, from)
            if HiddenName.isHidden(hidden), let below = FolderPath.relative(error.action, to: hidden) {
                return SystemError(code: error.code, action: below.isEmpty ? known : FolderPath.joined(known, below))
            }
        }
        return error
    }
}

/// What becomes of the library's rows of one path after an operation.
enum FileRowChange: Hashable, Codable, Sendable {
    /// A file or folder is at another path. `newNumbers` when it has been copied, so that its numbers on the disk are
    /// not known any more.
    case moved(from: String, to: String, newNumbers: Bool)
    /// A file or folder is gone. What people said of it goes as well, or, when `isKept`, waits with its content.
    case removed(String, isKept: Bool)
}

/// Names under which something lies for a moment; no scan takes them in.
enum HiddenName {
    private static let prefix = ".vitrine-"
    private static let suffix = ".part"

    /// A path beside `path` that nothing has.
    static func beside(_ path: String) -> String {
        FolderPath.joined(FolderPath.folder(of: path), prefix + Identifier.make() + suffix)
    }

    /// Whether the last name of a path is one of ours.
    static func isHidden(_ path: String) -> Bool {
        isHidden(name: FolderPath.name(of: path))
    }

    /// Whether a name is one of ours.
    static func isHidden(name: String) -> Bool { name.hasPrefix(prefix) && name.hasSuffix(suffix) }
}
