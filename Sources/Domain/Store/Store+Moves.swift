import GRDB

extension Store {
    /// The known files of a file system with one of these inodes, at most `limit` of each.
    func moveCandidates(
        _ inodes: some Collection<Int>,
        on device: Int,
        limit: Int = .max
    ) throws -> [MoveCandidate] {
        guard !inodes.isEmpty else { return [] }
        return try pool.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT file.id, library_root.path, directory.path, file.name, file.size, file.mtime_ns, file.inode,
                        file.sidecar, file.added
                    FROM json_each(?) AS wanted
                    CROSS JOIN file ON file.id IN (
                        SELECT file.id FROM file JOIN directory ON directory.id = file.directory
                        WHERE file.inode = wanted.value AND directory.device = ? LIMIT ?
                    )
                    JOIN directory ON directory.id = file.directory
                    JOIN library_root ON library_root.id = directory.root
                    """
            )
            return try Row.fetchAll(statement, arguments: [Self.json(inodes), device, limit]).map { row in
                let folder = FolderPath.joined(row[1], row[2])
                return MoveCandidate(
                    id: row[0],
                    path: FolderPath.joined((row[2] as String).isEmpty ? row[1] : folder, row[3]),
                    size: row[4],
                    modified: row[5],
                    inode: row[6],
                    sidecar: row[7],
                    added: row[8]
                )
            }
        }
    }

    /// Gives a file another path; a row that is there already waits under a name that no file can have.
    ///
    /// `areReplaced` says whether names are noted that files lost (``note(replaced:by:named:_:)``).
    static func move(
        _ file: MovedFile,
        _ directories: inout DirectoryRows,
        _ areReplaced: inout Bool,
        _ changes: inout LibraryChanges,
        _ database: Database
    ) throws {
        let directory = try directories.id(of: file.directory)
        try database.cachedStatement(
            sql: "UPDATE file SET name = '/' || id || ':' || name WHERE directory = ? AND name = ? AND id <> ?"
        )
        .execute(arguments: [directory, file.name, file.id])
        let replaced = try replacedName(of: file.id, by: file.name, database)
        try database.cachedStatement(sql: "UPDATE file SET directory = ?, name = ? WHERE id = ?")
            .execute(arguments: [directory, file.name, file.id])
        guard database.changesCount > 0 else { return }
        changes.moved += 1
        areReplaced = areReplaced || replaced != nil
        if areReplaced {
            try note(replaced: replaced, by: file.id, named: file.name, database)
            try giveReplaced(to: [file.id], database)
        }
        let find = try database.cachedStatement(sql: itemColumns + " WHERE file.id = ?")
        if let row = try Row.fetchOne(find, arguments: [file.id]) { changes.changed.append(try item(row)) }
    }

    /// Whole numbers as a JSON array.
    static func json(_ numbers: some Sequence<Int>) -> String {
        var text: [UInt8] = [UInt8(ascii: "[")]
        for number in numbers {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            if number < 0 { text.append(UInt8(ascii: "-")) }
            let start = text.count
            var rest = number.magnitude
            repeat {
                text.append(UInt8(ascii: "0") + UInt8(rest % 10))
                rest /= 10
            } while rest > 0
            text[start...].reverse()
        }
        text.append(UInt8(ascii: "]"))
        return String(decoding: text, as: UTF8.self)
    }
}
