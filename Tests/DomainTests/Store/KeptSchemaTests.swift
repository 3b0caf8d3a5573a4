import GRDB
import Testing

@testable import Domain

struct KeptSchemaTests {
    @Test("A data folder of the version before opens; files that it kept under hidden names go, and their tags wait")
    func before() throws {
        let index = try IndexUnderTest()
        for name in ["a.png", "sub/b.png", "sub/deep/c.png", "d.png"] {
            try index.write(Array("no picture: \(name)".utf8), name)
        }
        try index.write(TestPicture.described(3, ""), "whole.png")
        try index.scan()
        for name in ["a.png", "sub/b.png", "sub/deep/c.png", "d.png", "whole.png"] { try index.tag(name, name) }
        try index.store.pool.write { database in
            try database.execute(
                sql: """
                    DROP TABLE kept_file_tag;
                    DROP TABLE kept_file;
                    DROP TABLE replaced_name;
                    DELETE FROM grdb_migrations WHERE identifier = '9 kept files';
                    UPDATE file SET name = '.' || name WHERE name IN ('a.png', 'whole.png');
                    UPDATE directory SET path = '.' || path WHERE path LIKE 'sub%';
                    """
            )
        }
        let store = try Store(path: index.test.data.database)
        defer { try? store.close() }
        try store.pool.read { database in
            #expect(try String.fetchAll(database, sql: "SELECT name FROM file") == ["d.png"])
            #expect(try String.fetchAll(database, sql: "SELECT path FROM directory") == [""])
            let waiting = try String.fetchAll(
                database,
                sql: """
                    SELECT tag.name FROM tag WHERE id IN (
                        SELECT tag FROM kept_file_tag UNION ALL SELECT tag FROM kept_tag
                    ) ORDER BY name
                    """
            )
            #expect(waiting == ["a.png", "sub/b.png", "sub/deep/c.png", "whole.png"])
            #expect(try Row.fetchAll(database, sql: "SELECT * FROM pragma_foreign_key_check").isEmpty)
        }
        #expect(try store.libraryCounts() == LibraryCounts())
        #expect(try IndexChecker(store: store).problems().filter { !$0.contains("has no row") } == [])
    }
}
