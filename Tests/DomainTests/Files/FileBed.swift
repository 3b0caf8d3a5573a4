import Foundation
import GRDB
import Logging
import Testing

@testable import Domain

/// A library whose rows and files are made by the test, with operations on it.
final class FileBed: Sendable {
    let test: TestLibrary
    let folder: TemporaryFolder
    /// The first root, `one`.
    let root: String
    /// Another root, `two`.
    let other: String
    let trash: String?

    /// `hasTrash` makes a folder `trash` beside the roots.
    init(hasTrash: Bool = false) throws {
        test = try TestLibrary()
        folder = try TemporaryFolder()
        root = try folder.makeFolder("one")
        other = try folder.makeFolder("two")
        try test.library.addRoot(root)
        try test.library.addRoot(other)
        trash = hasTrash ? try folder.makeFolder("trash") : nil
    }

    /// Without access control.
    var policy: PathPolicy { PathPolicy(readable: nil, library: [root, other]) }

    var store: Store { test.store }

    func operations(_ files: FaultyFileSystem = FaultyFileSystem()) -> FileOperations {
        FileOperations(
            library: test.library,
            own: OwnFolders(data: test.data, trash: trash, excluded: test.library.excluded),
            archives: ArchiveFolder(path: test.data[.exports]),
            packing: PackingLimits(),
            threads: BlockingThreads(count: 1),
            files: files,
            logger: Logger(label: "test") { [test] _ in LineLog(write: test.write) },
            willCommit: files.willCommit,
            noteChanges: { [test] folders in for folder in folders { test.write("changed " + folder) } }
        )
    }

    // MARK: - Making

    /// Writes a file of its own bytes below the folder, indexed and tagged; answers its absolute path.
    @discardableResult
    func picture(_ name: String, tags: [String] = ["kept"], isHashed: Bool = true) throws -> String {
        let path = try folder.write(Array("picture \(name)".utf8), name)
        try index(path, text: "picture \(name)", tags: tags, isHashed: isHashed)
        return path
    }

    /// Writes a side-car or another file that has no row.
    @discardableResult
    func text(_ name: String) throws -> String { try folder.write(Array("text \(name)".utf8), name) }

    /// Makes the rows of a file as an index would; `text` is what it holds.
    func index(_ path: String, text: String, tags: [String], isHashed: Bool = true) throws {
        let roots = try store.roots()
        let place = try #require(roots.lazy.compactMap { root in root.relative(path).map { (root, $0) } }.first)
        try store.pool.write { database in
            let directory = try Store.directory(
                FolderPath.parent(place.1) ?? "",
                of: place.0.id,
                device: 7,
                database
            )
            var content: Int64?
            if isHashed {
                var digest = Data(text.utf8)
                digest = Data((digest + Data(repeating: 0, count: 32)).suffix(32))
                let sum = text.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
                digest.replaceSubrange(0..<4, with: withUnsafeBytes(of: sum) { Data($0) })
                try database.execute(
                    sql: """
                        INSERT INTO content (sha256, mime, size, thumbnail, added) VALUES (?, 'image/png', ?, 3, 0)
                        """,
                    arguments: [digest, text.utf8.count]
                )
                content = database.lastInsertedRowID
            }
            try database.execute(
                sql: """
                    INSERT INTO file (directory, name, content, size, mtime_ns, inode, hashed, added)
                    VALUES (?, ?, ?, ?, 1, 99, ?, 0)
                    """,
                arguments: [directory, FolderPath.name(of: path), content, text.utf8.count, isHashed]
            )
            let file = database.lastInsertedRowID
            try database.execute(sql: "INSERT OR IGNORE INTO tag (name, type) VALUES ('automatic', 'pos')")
            try database.execute(
                sql: """
                    INSERT INTO media (file, date, kind, directory, size, name, tags, text)
                    VALUES (?, 5, 1, ?, ?, ?, (SELECT json_array(id) FROM tag WHERE name = 'automatic'), ?)
                    """,
                arguments: [file, directory, text.utf8.count, FolderPath.name(of: path), text]
            )
            for tag in tags {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO tag (name, type) VALUES (?, 'custom')",
                    arguments: [tag]
                )
                try database.execute(
                    sql: """
                        INSERT INTO custom_tag (file, tag, added)
                        SELECT ?, id, 0 FROM tag WHERE name = ? AND type = 'custom'
                        """,
                    arguments: [file, tag]
                )
            }
        }
    }

    /// Gives all contents other hashes, so that the same file can be made again as another content.
    func forgetHashes() throws {
        try store.pool.write { try $0.execute(sql: "UPDATE content SET sha256 = randomblob(32)") }
    }

    // MARK: - Looking

    /// Everything that can be seen: files and folders below the temporary folder, and the rows.
    struct Picture: Equatable {
        /// Path below the folder (bytes that are not ASCII escaped) to what it holds; folders hold `/`, links `→`.
        var disk: [String: String] = [:]
        /// Id of the file to path below the folder, tags and text.
        var rows: [Int: String] = [:]
        /// What waits with its content.
        var kept: Int = 0
        /// Operations that have not ended.
        var unfinished = 0
    }

    func look() throws -> Picture {
        var picture = Picture()
        try look(folder.path, &picture.disk)
        try store.pool.read { database in
            for row in try Row.fetchAll(
                database,
                sql: """
                    SELECT file.id, library_root.path, directory.path, file.name, media.text, media.edited,
                        (SELECT group_concat(name, ',') FROM (
                            SELECT tag.name FROM custom_tag JOIN tag ON tag.id = custom_tag.tag
                            WHERE file = file.id ORDER BY tag.name
                        ))
                    FROM file JOIN media ON media.file = file.id JOIN directory ON directory.id = file.directory
                        JOIN library_root ON library_root.id = directory.root
                    """
            ) {
                let path = FolderPath.joined(FolderPath.joined(row[1], row[2]), row[3])
                let place = Self.escaped(FolderPath.relative(path, to: folder.path) ?? path)
                picture.rows[row[0]] = "\(place) holds \(row[4] as String) tags \(row[6] as String? ?? "-")"
            }
            picture.kept = try Int.fetchOne(database, sql: "SELECT count(*) FROM kept_tag") ?? 0
            picture.unfinished = try Int.fetchOne(database, sql: "SELECT count(*) FROM file_operation") ?? 0
        }
        return picture
    }

    private func look(_ path: String, _ disk: inout [String: String]) throws {
        let files = DiskFileSystem()
        for name in try files.names(in: path) {
            let child = FolderPath.joined(path, name)
            let key = Self.escaped(FolderPath.relative(child, to: folder.path) ?? child)
            switch try files.node(child)?.kind {
            case .folder:
                disk[key] = "/"
                try look(child, &disk)
            case .link: disk[key] = "→"
            default:
                disk[key] = String(decoding: FileManager.default.contents(atPath: child) ?? Data(), as: UTF8.self)
            }
        }
    }

    static func escaped(_ path: String) -> String {
        path.utf8.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "%" + String($0, radix: 16) }.joined()
    }

    /// Whether disk, file rows, media rows and tags say the same, and nothing is half done.
    func check(_ hint: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
        let picture = try look()
        #expect(picture.unfinished == 0, "\(hint)", sourceLocation: sourceLocation)
        let hidden = picture.disk.keys.filter { HiddenName.isHidden($0) }
        #expect(hidden.isEmpty, "\(hint)", sourceLocation: sourceLocation)
        for row in picture.rows.values {
            let parts = row.components(separatedBy: " holds ")
            let text = parts[1].components(separatedBy: " tags ")[0]
            #expect(picture.disk[parts[0]] == text, "\(hint) \(row)", sourceLocation: sourceLocation)
        }
        let wrong = try store.pool.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT 'media of ' || file.id FROM file JOIN media ON media.file = file.id
                        WHERE media.directory <> file.directory OR media.name <> file.name
                    UNION ALL SELECT 'link of ' || file FROM file_tag WHERE file NOT IN (SELECT file FROM media)
                    UNION ALL SELECT 'no link of ' || file FROM custom_tag
                        WHERE NOT EXISTS (SELECT 1 FROM file_tag
                            WHERE file_tag.file = custom_tag.file AND file_tag.tag = custom_tag.tag)
                    UNION ALL SELECT 'count of ' || name FROM tag WHERE type <> 'custom' AND count <> (
                        SELECT count(*) FROM media, json_each(media.tags) WHERE value = tag.id)
                    UNION ALL SELECT 'files in all' FROM library_count
                        WHERE files <> (SELECT count(*) FROM file WHERE content IS NOT NULL)
                    UNION ALL SELECT 'files of ' || id FROM content
                        WHERE files <> (SELECT count(*) FROM file WHERE content = content.id)
                    UNION ALL SELECT 'parent of ' || path FROM directory WHERE path <> '' AND parent IS NOT (
                        SELECT id FROM directory AS above WHERE above.root = directory.root
                            AND above.path = rtrim(rtrim(directory.path, replace(directory.path, '/', '')), '/'))
                    """
            )
        }
        #expect(wrong.isEmpty, "\(hint)", sourceLocation: sourceLocation)
    }
}
