import GRDB
import Testing

@testable import Domain

/// The checker finds what is wrong; tests that trust it would not.
struct IndexCheckerTests {
    @Test(
        "Each kind of damage is found",
        arguments: [
            "DELETE FROM file_tag", "UPDATE tag SET count = count + 1 WHERE name = 'Image'",
            "DELETE FROM media", "UPDATE file SET name = 'y.png'", "UPDATE file SET mtime_ns = mtime_ns + 5000000000",
            "UPDATE file SET hashed = 0", "UPDATE content SET sha256 = zeroblob(32)", "UPDATE media SET size = 1",
            "UPDATE library_count SET files = 7", "UPDATE media SET searchable = 0",
            "INSERT INTO index_batch VALUES (1)",
            "INSERT INTO file_tag VALUES (1, 5, 1)", "UPDATE media SET tags = '[99]'",
        ]
    )
    func damage(_ sql: String) throws {
        let index = try IndexUnderTest()
        try index.write(TestPicture.described(8, TestPicture.prompt("fog")), "x.png")
        try index.scan()
        try index.feedTexts()
        #expect(try index.problems() == [])
        try index.store.pool.write { try $0.execute(sql: sql) }
        #expect(try !index.problems().isEmpty)
    }
}
