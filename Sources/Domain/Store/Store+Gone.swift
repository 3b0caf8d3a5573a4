import Foundation
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a scan took for gone may only have been moved meanwhile by an operation on files, whose rows follow a moment
/// after the disk.
extension Store {
    /// Whether a folder that was missing is still, and no operation has it in hand.
    func isGone(folder path: String) throws -> Bool {
        try pool.read { try Self.isGone(path, besides: Self.pathsInHand($0)) }
    }

    /// Whether nothing lies where a file's row says, and no operation has it in hand; `inHand` are ``pathsInHand(_:)``.
    static func isGone(file: Int, besides inHand: PathsInHand, _ database: Database) throws -> Bool {
        let find = try database.cachedStatement(
            sql: """
                SELECT library_root.path, directory.path, file.name FROM file
                JOIN directory ON directory.id = file.directory
                JOIN library_root ON library_root.id = directory.root
                WHERE file.id = ?
                """
        )
        guard let row = try Row.fetchOne(find, arguments: [file]) else { return false }
        // A row whose path another has now waits under a name that no file can have.
        if (row[2] as String).utf8.first == UInt8(ascii: "/") { return true }
        let folder = (row[1] as String).isEmpty ? row[0] : FolderPath.joined(row[0], row[1])
        return isGone(FolderPath.joined(folder, row[2]), besides: inHand)
    }

    /// Whether an operation has in hand what lies where a file's row says.
    static func isInHand(file: Int, _ inHand: PathsInHand, _ database: Database) throws -> Bool {
        guard !inHand.isEmpty else { return false }
        let find = try database.cachedStatement(
            sql: """
                SELECT library_root.path, directory.path, file.name FROM file
                JOIN directory ON directory.id = file.directory
                JOIN library_root ON library_root.id = directory.root
                WHERE file.id = ?
                """
        )
        guard let row = try Row.fetchOne(find, arguments: [file]) else { return false }
        let folder: String = (row[1] as String).isEmpty ? row[0] : FolderPath.joined(row[0], row[1])
        let path = FolderPath.joined(folder, row[2])
        return inHand.holds(path)
    }

    /// Whether nothing lies at a path and no operation has it in hand.
    static func isGone(_ path: String, besides inHand: PathsInHand) -> Bool {
        guard !inHand.holds(path) else { return false }
        var status = stat()
        return lstat(path, &status) != 0
    }

    /// The paths whose rows will follow operations that have not ended.
    static func pathsInHand(_ database: Database) throws -> PathsInHand {
        var inHand = PathsInHand()
        for text in try String.fetchAll(
            database.cachedStatement(sql: "SELECT plan FROM file_operation WHERE phase < 3")
        ) {
            guard let plan = try? JSONDecoder().decode(FilePlan.self, from: Data(text.utf8)) else { continue }
            for row in plan.rows {
                switch row {
                case .moved(let path, _, _), .removed(let path, _): inHand.insert(path)
                }
            }
        }
        return inHand
    }
}

/// Paths that operations on files have in hand, with all that lies below them.
struct PathsInHand {
    private var paths: Set<ByteText> = []

    var isEmpty: Bool { paths.isEmpty }

    mutating func insert(_ path: String) { paths.insert(ByteText(path)) }

    /// Whether this path is one of them or lies below one.
    func holds(_ path: String) -> Bool {
        guard !paths.isEmpty else { return false }
        var path = path
        while !paths.contains(ByteText(path)) {
            guard path.utf8.count > 1 else { return false }
            path = FolderPath.folder(of: path)
        }
        return true
    }
}
