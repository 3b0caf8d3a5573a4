#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder in which a server keeps everything it owns.
///
/// It belongs to one running server at a time: a lock on a file in it says so, and goes with the process.
package final class DataDirectory: Sendable {
    /// Why a data directory cannot be used.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// Another running process has it.
        case inUse(String)
        case system(SystemError)
        case path(LibraryRootError)

        package var description: String {
            switch self {
            case .inUse(let path): "\(path): another running server uses this data directory"
            case .system(let error): error.description
            case .path(let error): error.description
            }
        }
    }

    /// A folder of the data directory.
    package enum Folder: String, CaseIterable, Sendable {
        case models
        case input
        case output
        case temp
        case media
        case uploads
        case exports
        case indexes
        case thumbnails
        case backups
        /// Pictures that wait with models that are not imported yet.
        case pending
    }

    /// The absolute path, without links in it.
    package let path: String
    private let lock: Int32

    /// Opens a data directory, making it and its folders where they are missing, and takes its lock.
    ///
    /// A relative path counts from the process's working directory.
    package init(path: String) throws(Failure) {
        try Self.make(path)
        var absolute = path
        if path.utf8.first != UInt8(ascii: "/"), let here = getcwd(nil, 0) {
            absolute = FolderPath.joined(String(cString: here), path)
            free(here)
        }
        do {
            self.path = try FolderPath.resolvedFolder(absolute)
        } catch {
            throw .path(error)
        }
        let file = FolderPath.joined(self.path, "vitrine.lock")
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .system(SystemError(code: errno, action: file)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK ? .inUse(self.path) : .system(SystemError(code: code, action: file))
        }
        lock = descriptor
        for folder in Folder.allCases { try Self.make(self[folder]) }
    }

    deinit {
        close(lock)
    }

    /// The absolute path of one of its folders.
    package subscript(folder: Folder) -> String { FolderPath.joined(path, folder.rawValue) }

    /// The path of the database.
    package var database: String { FolderPath.joined(path, "vitrine.db") }

    /// The folders whose files belong to the library.
    package var libraryFolders: [String] { [self[.input], self[.output], self[.media], self[.uploads]] }

    /// The folders whose files never belong to the library, even when a root lies around them.
    package var privateFolders: [String] {
        [self[.temp], self[.exports], self[.indexes], self[.thumbnails], self[.backups], self[.pending]]
    }

    /// The files that the server itself writes beside these folders, again and again.
    package var ownFiles: [String] { ["", "-wal", "-shm", "-journal"].map { database + $0 } }

    /// Where large results of tasks wait for the end of their tasks; not of the library.
    package var results: String { FolderPath.joined(self[.temp], "results") }

    /// Where sample pictures of models lie in high quality; of the library.
    package var modelSamples: String { FolderPath.joined(self[.media], "model-samples") }

    /// Where the smaller forms of sample pictures lie; not of the library.
    package var smallModelSamples: String { FolderPath.joined(self[.thumbnails], "model-samples") }

    /// Where the thumbnail of a content lies, whether it has been made or not.
    package func thumbnail(_ hash: ContentHash) -> String {
        FolderPath.joined(self[.thumbnails], ThumbnailPath.file(hash))
    }

    /// The folder of a category of models, made when it is missing.
    ///
    /// `category` is one name: empty ones, `.`, `..` and those with a `/` or a zero byte are refused as missing.
    package func models(_ category: String) throws(Failure) -> String {
        guard !category.isEmpty, category != ".", category != "..", !category.utf8.contains(UInt8(ascii: "/")),
            !category.utf8.contains(0)
        else { throw .path(.missing(category)) }
        let folder = FolderPath.joined(self[.models], category)
        try Self.make(folder)
        return folder
    }

    /// Makes a folder and those above it.
    private static func make(_ path: String) throws(Failure) {
        do {
            try WholeFile.makeFolder(path)
        } catch {
            throw .system(error)
        }
    }
}
