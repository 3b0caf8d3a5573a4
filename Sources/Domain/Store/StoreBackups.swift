import Foundation
import GRDB

/// Dated copies of the store, at most one a day, of which the newest are kept.
///
/// A copy is whole or not there: it is written under another name first.
package struct StoreBackups: Sendable {
    private static let prefix = "vitrine-"
    private static let suffix = ".db"

    private let folder: String
    private let limit: Int

    /// Copies in a folder, made when missing; `limit` are kept, 0 makes none and leaves those that are there.
    package init(folder: String, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    /// Copies the store unless there is a copy of this day, `YYYY-MM-DD`, and drops the oldest copies past the limit.
    ///
    /// Answers whether it made one. Blocks as long as reading the whole store takes; others read and write meanwhile.
    /// Throws what the disk or SQLite say.
    @discardableResult
    package func make(of store: Store, day: String) throws -> Bool {
        guard limit > 0 else { return false }
        try WholeFile.makeFolder(folder)
        let path = FolderPath.joined(folder, Self.prefix + day + Self.suffix)
        let isNew = !FileManager.default.fileExists(atPath: path)
        if isNew {
            let unfinished = FolderPath.joined(folder, "unfinished")
            for ending in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: unfinished + ending)
            }
            try store.copy(to: unfinished)
            try FileManager.default.moveItem(atPath: unfinished, toPath: path)
        }
        for name in try copies().dropLast(limit) {
            try FileManager.default.removeItem(atPath: FolderPath.joined(folder, name))
        }
        return isNew
    }

    /// The names of the copies, the oldest first.
    private func copies() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }.sorted()
    }
}

extension Store {
    /// Writes all of the store, as of one moment, into a new file.
    func copy(to path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try pool.backup(to: copy)
        try copy.close()
    }
}
