import GRDB

/// Pictures that an editor puts aside, under a name that is no picture's, before it writes them anew.
extension Store {
    /// A name in a directory.
    typealias NamePlace = (directory: Int, name: String)

    /// The name that a file of which people said something is about to lose for one that is no picture's.
    static func replacedName(of file: Int, by name: String, _ database: Database) throws -> NamePlace? {
        guard MediaKind(name: name) == nil, try hasWords(file, database) else { return nil }
        let find = try database.cachedStatement(sql: "SELECT directory, name FROM file WHERE id = ?")
        guard let row = try Row.fetchOne(find, arguments: [file]) else { return nil }
        let former: String = row[1]
        // A row whose path another has now waits under a name that no file can have.
        return MediaKind(name: former) == nil || former.utf8.first == UInt8(ascii: "/") ? nil : (row[0], former)
    }

    /// Notes the name that a file lost (``replacedName(of:by:_:)``); one that has a picture's name again replaces nothing.
    static func note(replaced: NamePlace?, by file: Int, named name: String, _ database: Database) throws {
        if let replaced {
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO replaced_name (file, directory, name, last)
                    SELECT ?, ?, ?, max(id) FROM file
                    """
            )
            .execute(arguments: [file, replaced.directory, replaced.name])
        } else if MediaKind(name: name) != nil {
            try database.cachedStatement(sql: "DELETE FROM replaced_name WHERE file = ?").execute(arguments: [file])
        }
    }

    /// Gives files what people said of those that were put aside for them, which keep it too.
    ///
    /// A file that was known before that is another picture, and gets nothing.
    static func giveReplaced(to files: [Int], _ database: Database) throws {
        let find = try database.cachedStatement(
            sql: """
                SELECT file.id, replaced_name.file FROM json_each(?) AS given
                CROSS JOIN file ON file.id = given.value
                CROSS JOIN replaced_name
                    ON replaced_name.directory = file.directory AND replaced_name.name = file.name
                WHERE replaced_name.file <> file.id AND replaced_name.last < file.id
                """
        )
        for row in try Row.fetchAll(find, arguments: [json(files)]) {
            let (file, former): (Int, Int) = (row[0], row[1])
            try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO custom_tag (file, tag, added)
                    SELECT ?, tag, added FROM custom_tag WHERE file = ?
                    """
            )
            .execute(arguments: [file, former])
            let edited = try database.cachedStatement(sql: "SELECT text FROM media WHERE file = ? AND edited = 1")
            if let text = try String.fetchOne(edited, arguments: [former]) { _ = try setOwn(text, of: file, database) }
            try database.cachedStatement(sql: "DELETE FROM replaced_name WHERE file = ?").execute(arguments: [former])
        }
    }
}
