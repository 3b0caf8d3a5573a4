/// A folder whose pictures, videos, sounds and models belong to the library.
package struct LibraryRoot: Hashable, Sendable {
    package var id: Int
    /// Absolute, without symbolic links in it.
    package var path: String

    /// The absolute path of what lies at `path` below the root; the root itself for an empty path.
    package func absolute(_ path: String) -> String {
        path.isEmpty ? self.path : FolderPath.joined(self.path, path)
    }

    /// Where an absolute path lies below this root: empty for the root itself, `nil` when it lies elsewhere.
    package func relative(_ absolute: String) -> String? { FolderPath.relative(absolute, to: path) }
}

/// What cannot be made a root of the library, and why.
package enum LibraryRootError: Error, Hashable, Sendable, CustomStringConvertible {
    case notAbsolute(String)
    case missing(String)
    case notFolder(String)
    case unreadable(String, reason: String)
    /// The path has bytes that are not UTF-8 once its links are resolved.
    case notText(String)

    package var description: String {
        switch self {
        case .notAbsolute(let path): "\(path): a library folder needs an absolute path"
        case .missing(let path): "\(path): there is no such folder"
        case .notFolder(let path): "\(path): this is not a folder"
        case .unreadable(let path, let reason): "\(path): the folder cannot be read (\(reason))"
        case .notText(let path): "\(path): the folder's real path is not UTF-8"
        }
    }
}
