import GRDB

extension Store {
    /// The library's roots, in the order in which they were added.
    package func roots() throws -> [LibraryRoot] {
        try pool.read { try Self.roots(isLeaving: false, $0) }
    }

    static func roots(isLeaving: Bool, _ database: Database) throws -> [LibraryRoot] {
        let sql = "SELECT id, path FROM library_root WHERE leaving = ? ORDER BY id"
        return try Row.fetchAll(database, sql: sql, arguments: [isLeaving]).map { LibraryRoot(id: $0[0], path: $0[1]) }
    }

    /// Makes a folder a root and returns the root that has it now.
    ///
    /// A folder at or below a present root stays with that root. Present roots below the folder become a part of
    /// the new one; their files keep their ids, and so do those that are left of a root that is leaving. `path` must be
    /// absolute and resolved.
    func addRoot(_ path: String, at now: Milliseconds) throws -> LibraryRoot {
        try pool.write { try Self.addRoot(path, at: now, $0) }
    }

    static func addRoot(_ path: String, at now: Milliseconds, _ database: Database) throws -> LibraryRoot {
        let roots = try roots(isLeaving: false, database)
        if let present = roots.first(where: { $0.relative(path) != nil }) { return present }
        let leaving = try Self.roots(isLeaving: true, database)
        let root: LibraryRoot
        if let same = leaving.first(where: { $0.relative(path) == "" }) {
            try database.execute(sql: "UPDATE library_root SET leaving = 0 WHERE id = ?", arguments: [same.id])
            root = same
        } else {
            root = LibraryRoot(id: try insertRoot(path, at: now, database), path: path)
        }
        for around in leaving where around.id != root.id {
            if let place = around.relative(path) { try move(place, of: around.id, toRoot: root.id, database) }
        }
        for nested in roots + leaving where nested.id != root.id {
            guard let place = root.relative(nested.path) else { continue }
            try adopt(nested, at: place, into: root, database)
        }
        return root
    }

    /// Adds a root's row; answers its id.
    static func insertRoot(_ path: String, at now: Milliseconds, _ database: Database) throws -> Int {
        try database.execute(sql: "INSERT INTO library_root (path, added) VALUES (?, ?)", arguments: [path, now])
        return Int(database.lastInsertedRowID)
    }

    /// Gives the directories at and below `place` of a root to another root that lies there, without any as yet.
    static func move(_ place: String, of root: Int, toRoot new: Int, _ database: Database) throws {
        // "/" is followed by "0": the half-open range holds exactly the paths below.
        try database.execute(
            sql: """
                UPDATE directory SET root = :new,
                    parent = CASE path WHEN :place THEN NULL ELSE parent END,
                    path = CASE path WHEN :place THEN '' ELSE substr(path, length(:place) + 2) END
                WHERE root = :root AND (path = :place OR (path >= :place || '/' AND path < :place || '0'))
                """,
            arguments: ["new": new, "place": place, "root": root]
        )
    }

    private static func adopt(
        _ nested: LibraryRoot,
        at place: String,
        into root: LibraryRoot,
        _ database: Database
    ) throws {
        let top = try Int.fetchOne(
            database,
            sql: "SELECT id FROM directory WHERE root = ? AND path = ''",
            arguments: [nested.id]
        )
        if let top {
            let above = try directory(FolderPath.parent(place) ?? "", of: root.id, device: 0, database)
            try database.execute(
                sql: """
                    UPDATE directory SET root = :root,
                        path = CASE path WHEN '' THEN :place ELSE :place || '/' || path END
                    WHERE root = :nested
                    """,
                arguments: ["root": root.id, "place": place, "nested": nested.id]
            )
            try database.execute(sql: "UPDATE directory SET parent = ? WHERE id = ?", arguments: [above, top])
        }
        try database.execute(sql: "DELETE FROM library_root WHERE id = ?", arguments: [nested.id])
    }

    /// The id of a directory's row, which is made when it is missing, with those above it.
    ///
    /// A device of 0 means that it is not known.
    static func directory(_ path: String, of root: Int, device: Int, _ database: Database) throws -> Int {
        let find = try database.cachedStatement(sql: "SELECT id, device FROM directory WHERE root = ? AND path = ?")
        if let row = try Row.fetchOne(find, arguments: [root, path]) {
            if device != 0, (row[1] as Int) != device {
                try database.cachedStatement(sql: "UPDATE directory SET device = ? WHERE id = ?")
                    .execute(arguments: [device, row[0] as Int])
            }
            return row[0]
        }
        var parent: Int?
        if let above = FolderPath.parent(path) { parent = try directory(above, of: root, device: 0, database) }
        try database.cachedStatement(sql: "INSERT INTO directory (root, parent, path, device) VALUES (?, ?, ?, ?)")
            .execute(arguments: [root, parent, path, device])
        return Int(database.lastInsertedRowID)
    }
}
