import GRDB
import Testing

@testable import Domain

/// The text index is fed in parts, and what it has not got is found all the same.
struct TextIndexTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private func waiting() throws -> Int {
        try index.store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM media WHERE searchable = 0") ?? 0 }
    }

    private func candidates(_ text: String) throws -> [Int] {
        let match = try #require(MediaCandidates.match(text))
        return try index.store.pool.read { database in
            try Int.fetchAll(database, sql: "SELECT rowid FROM media_text WHERE media_text MATCH ?", arguments: [match])
        }
    }

    private func found(_ text: String, plans: Set<MediaSearcher.Plan> = [.candidates]) throws -> [Int] {
        var searcher = MediaSearcher(store: index.store)
        searcher.plans = plans
        var query = MediaQuery()
        query.text = text
        return try searcher.search(query).found.map(\.key.id)
    }

    @Test("A part takes in so many files, and the parts together all of them")
    func parts() throws {
        try index.add((0..<25).map { TestIndex.Media(name: "\($0).png", date: $0, text: "forest") })
        #expect(try index.store.indexTexts(limit: 10, time: .seconds(10)) == 10)
        #expect(try waiting() == 15)
        #expect(try found("forest").count == 25)
        // However short the time, there is progress.
        #expect(try index.store.indexTexts(limit: 10, time: .zero) == 1)
        try index.indexTexts()
        #expect(try waiting() == 0)
        #expect(try candidates("forest").count == 25)
        #expect(try index.store.indexTexts(limit: 10, time: .seconds(10)) == 0)
    }

    @Test("Another text, another name and a removal are seen by the index")
    func changes() throws {
        let ids = try index.add((0..<3).map { TestIndex.Media(name: "name\($0).png", date: $0, text: "forest \($0)") })
        try index.indexTexts()
        try index.execute("UPDATE media SET text = 'ocean' WHERE file = ?", [ids[0]])
        try index.execute("UPDATE file SET name = 'renamed.png' WHERE id = ?", [ids[1]])
        try index.remove(ids[2])
        #expect(try found("forest") == [ids[1]] && found("ocean") == [ids[0]] && found("renamed") == [ids[1]])
        #expect(try waiting() == 2)
        try index.indexTexts()
        #expect(try candidates("forest") == [ids[1]] && candidates("ocean") == [ids[0]])
        #expect(try candidates("name2").isEmpty)
    }

    @Test("While much waits, what the index has not got is found besides what it has, each once and in order")
    func incomplete() throws {
        let texts = (0..<60).map { $0 % 3 == 0 ? "forest" : "ocean" }
        let ids = try index.add(
            texts.enumerated().map { TestIndex.Media(name: "\($0).png", date: 7 * $0 % 60, text: $1) }
        )
        for fed in [0, 1, 29, 30, 58, 59] {
            while try waiting() > 60 - fed { _ = try index.store.indexTexts(limit: 1, time: .seconds(1)) }
            for limit in [1, 10, 30] {
                var searcher = MediaSearcher(store: index.store)
                searcher.plans = [.candidates, .scan]
                searcher.candidateLimit = limit
                var query = MediaQuery()
                query.text = "forest"
                let found = try searcher.search(query).found
                #expect(Set(found.map(\.key.id)) == Set(ids.indices.filter { $0 % 3 == 0 }.map { ids[$0] }))
                #expect(found.count == 20)
                #expect(found.map(\.rank) == found.map(\.rank).sorted(by: >))
            }
        }
    }

    @Test("Of what waits, the index' candidates tell from which file on all must be looked at")
    func rest() throws {
        let ids = try index.add((0..<40).map { TestIndex.Media(name: "\($0).png", date: $0, text: "forest \($0)") })
        for _ in 0..<20 { _ = try index.store.indexTexts(limit: 1, time: .seconds(1)) }
        var query = MediaQuery()
        query.text = "forest 7"
        let search = MediaSearch(query: query, pattern: nil, settings: MediaSearcher(store: index.store))
        let (few, many) = try index.store.pool.read { database in
            let reading = MediaReading(database, .text)
            let directories = try index.store.directories.directories(database)
            let candidates = MediaCandidates(search, reading, directories)
            let filter = try search.filter(reading, directories, checksTags: true)
            return (try candidates.find(limit: 5, filter), try candidates.find(limit: 21, filter))
        }
        #expect(few?.rest == ids[20] && few?.ids == [ids[7]])
        #expect(many?.rest == nil && many?.ids == [ids[7]] + ids[20...])
    }

    @Test("A zero byte in a text hides nothing that follows it")
    func zero() throws {
        let id = try index.add(TestIndex.Media(name: "a.png", date: 1))
        try index.execute("UPDATE media SET text = 'before' || char(0) || 'after' WHERE file = ?", [id])
        try index.indexTexts()
        #expect(try found("after") == [id])
        try index.remove(id)
        #expect(try candidates("after").isEmpty)
    }

    @Test(
        "Candidates are asked for by trigrams of what is literal",
        arguments: [
            ("ab", nil), ("abc", "\"abc\""), ("a%b_c", nil), ("abcd%xyz", "\"abc\" AND \"bcd\" AND \"xyz\""),
            ("a\"bc", "\"a\"\"b\" AND \"\"\"bc\""), ("äöü", "\"äöü\""), ("", nil),
        ]
    )
    func trigrams(pattern: String, match: String?) { #expect(MediaCandidates.match(pattern) == match) }

    @Test(
        "Texts in every script are found through the index",
        arguments: ["Straße", "ÄÖÜ", "ЛЕС", "森林の中", "👩‍👩‍👧", "İstanbul", "\"; DROP"]
    )
    func scripts(text: String) throws {
        let id = try index.add(TestIndex.Media(name: "x.png", date: 1, text: "before " + text + " after"))
        try index.add(TestIndex.Media(name: "y.png", date: 1, text: "nothing"))
        try index.indexTexts()
        #expect(try found(text) == [id])
        #expect(try found(text, plans: [.scan]) == [id])
    }

    @Test("Parts of the index are joined until there is nothing to join, and it finds the same")
    func merging() throws {
        for number in 0..<30 {
            try index.add(TestIndex.Media(name: "\(number).png", date: number, text: "forest \(number)"))
            try index.indexTexts()
        }
        var rounds = 0
        while try index.store.mergeTexts(all: true, pages: 1) {
            rounds += 1
            #expect(rounds < 1000)
        }
        #expect(rounds > 0)
        #expect(try candidates("forest").count == 30)
    }

    @Test("Once woken, the indexer takes in everything by itself", .timeLimit(.minutes(5)))
    func waking() async throws {
        try index.add((0..<600).map { TestIndex.Media(name: "\($0).png", date: $0, text: "forest") })
        let indexer = TextIndexer(store: index.store)
        indexer.wake()
        indexer.wake()
        while try waiting() > 0 { await Task.yield() }
        try index.add(TestIndex.Media(name: "late.png", date: 1, text: "ocean"))
        indexer.wake()
        while try waiting() > 0 { await Task.yield() }
        #expect(try candidates("forest").count == 600)
        indexer.stop()
    }
}
