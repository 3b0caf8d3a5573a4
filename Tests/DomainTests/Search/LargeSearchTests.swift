import GRDB
import Testing

@testable import Domain

/// 200,000 rows: every plan still answers, and in a time that only a plan gone wrong exceeds.
struct LargeSearchTests {
    private static let rows = 200_000

    private func index() throws -> TestIndex {
        let index = try TestIndex()
        try index.store.pool.write { database in
            for folder in 0..<200 {
                _ = try Store.directory("folder \(folder)", of: index.root.id, device: 0, database)
            }
            // As many tags as the rows below name.
            try database.execute(
                sql: Self.numbers(200)
                    + "INSERT INTO tag (id, name, type) SELECT 10 + n, 'tag ' || n, 'pos' FROM number"
            )
            try database.execute(sql: Self.numbers(Self.rows) + Self.files)
            try database.execute(sql: Self.media)
            try database.execute(sql: "INSERT INTO media_text (rowid, name, text) SELECT file, name, text FROM media")
            try database.execute(sql: "UPDATE media SET searchable = 1")
        }
        return index
    }

    private static func numbers(_ count: Int) -> String {
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < \(count)) "
    }

    private static let files = """
        INSERT INTO file (directory, name, size, mtime_ns, added)
        SELECT 2 + n % 200, printf('img_%06d.png', n), n % 5000, (n * 7919 % 1000003) * 1000000000, 0 FROM number
        """

    private static let media = """
        INSERT INTO media (file, date, kind, directory, size, width, height, name, tags, text)
        SELECT id, mtime_ns / 1000000000, 1 + (id % 97 = 0), directory, size, 512, 512, name,
            json_array(11, 12 + id % 7, 30 + id % 101),
            CASE WHEN id % 3 = 0 THEN 'masterpiece, best quality, forest, number ' || id
                || CASE WHEN id % 4001 = 0 THEN ', zanzibar quartz' ELSE '' END
                || ', Negative prompt: lowres, bad anatomy. Steps: 20, Sampler: Euler a, Seed: ' || (id * 31) ELSE '' END
        FROM file
        """

    @Test("Queries of every sort are answered from 200,000 rows", .timeLimit(.minutes(5)))
    func large() throws {
        let index = try index()
        let searcher = MediaSearcher(store: index.store)
        func count(_ change: (inout MediaQuery) -> Void) throws -> Int {
            var query = MediaQuery()
            change(&query)
            var last = 0
            // The second time, so that what is read first is not measured.
            for _ in 0..<2 {
                let start = ContinuousClock.now
                last = try searcher.search(query).found.count
                // Some hundred times what it takes on two free cores.
                #expect(ContinuousClock.now - start < .seconds(10), "\(query)")
            }
            return last
        }
        #expect(try count { $0.text = "masterpiece" } == 200)
        #expect(try count { $0.text = "zanzibar" } == Self.rows / 4001 / 3)
        #expect(try count { $0.text = "img_123456" } == 1)
        #expect(try count { $0.text = "folder 17/img_1" } == 200)
        #expect(try count { $0.text = "~~" } == 0)
        #expect(try count { $0.pattern = "zanzi(bar|baz) qu" } == Self.rows / 4001 / 3)
        #expect(try count { $0.allTags = [11, 12, 35] } == 200)
        #expect(
            try count {
                $0.anyTags = [30, 31]
                $0.noTags = [12]
            } == 200
        )
        #expect(try count { $0.allTags = [12, 13] } == 0)
        #expect(
            try count {
                $0.kinds = [.video]
                $0.text = "img"
                $0.limit = 5000
            } == Self.rows / 97
        )
        #expect(
            try count {
                $0.folders = ["/pictures/folder 17"]
                $0.limit = 2000
            } == Self.rows / 200
        )
        #expect(try count { $0.order = .random(seed: 1) } == 200)
        #expect(try count { $0.limit = -1 } == Self.rows)
    }

    @Test("Pages of a common text come to every row once", .timeLimit(.minutes(5)))
    func pages() throws {
        let index = try index()
        var query = MediaQuery()
        query.text = "forest"
        query.limit = 5000
        let found = try index.pages(query, MediaSearcher(store: index.store)).flatMap { $0 }
        #expect(found.count == Self.rows / 3 && Set(found).count == found.count)
    }
}
