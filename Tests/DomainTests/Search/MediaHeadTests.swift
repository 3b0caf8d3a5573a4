import GRDB
import Testing

@testable import Domain

/// The newest rows are kept in memory as long as nothing was committed, and no longer.
struct MediaHeadTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private func search(_ text: String = "", limit: Int = 1000) throws -> [String] {
        var query = MediaQuery()
        query.text = text
        query.limit = limit
        return try MediaSearcher(store: index.store).search(query).found.map(\.path)
    }

    private func head() throws -> MediaHead? {
        try index.store.pool.read { try index.store.heads.head($0) }
    }

    /// Searches until the rows are kept.
    private func settle() throws {
        for _ in 0...MediaHeadCache.searchesBefore { _ = try search() }
        #expect(try head() != nil)
    }

    @Test("Rows are kept once several searches have found the same version, and shared by all later ones")
    func several() throws {
        try index.add([TestIndex.Media(name: "a.png", date: 1)])
        for _ in 0..<MediaHeadCache.searchesBefore { #expect(try head() == nil) }
        let first = try head()
        #expect(first != nil && first?.count == 1)
        #expect(try head() === first)
        try index.add([TestIndex.Media(name: "b.png", date: 2)])
        for _ in 0..<MediaHeadCache.searchesBefore { #expect(try head() == nil) }
        #expect(try head()?.count == 2)
    }

    @Test("A search sees every change that was committed before it")
    func changes() throws {
        let ids = try index.add((0..<20).map { TestIndex.Media(folder: "old", name: "\($0).png", date: $0) })
        try settle()
        try index.add([TestIndex.Media(name: "new.png", date: 50, text: "castle")])
        #expect(try search().first == "/pictures/new.png")
        try settle()
        #expect(try search("castle").count == 1)
        try index.execute("UPDATE media SET text = 'river' WHERE text = 'castle'")
        #expect(try search("castle").isEmpty)
        #expect(try search("river").count == 1)
        try settle()
        try index.execute("UPDATE file SET name = 'other.png' WHERE id = ?", [ids[3]])
        #expect(try search("/other").count == 1)
        #expect(try search("/3.png").isEmpty)
        try settle()
        try index.execute("UPDATE media SET date = 99 WHERE file = ?", [ids[5]])
        #expect(try search().first == "/pictures/old/5.png")
        try settle()
        try index.execute("UPDATE directory SET path = 'moved' WHERE path = 'old'")
        #expect(try search("/moved/").count == 20)
        #expect(try search("/old/").isEmpty)
        try settle()
        try index.remove(ids[5])
        #expect(try search("/5.png").isEmpty)
        #expect(try search().count == 20)
    }

    @Test("A search sees what another process committed")
    func otherProcess() throws {
        let id = try index.add(TestIndex.Media(name: "a.png", date: 1, text: "castle"))
        try settle()
        let other = try DatabaseQueue(path: index.test.data.database)
        try other.write { try $0.execute(sql: "UPDATE media SET edited = 1, date = 7 WHERE file = ?", arguments: [id]) }
        try other.close()
        for _ in 0..<MediaHeadCache.searchesBefore { #expect(try head() == nil) }
        #expect(try head()?.last == MediaKey(date: 7, id: id))
    }

    @Test("A transaction that began before a change sees neither it nor the rows of after it")
    func snapshot() throws {
        try index.add((0..<5).map { TestIndex.Media(name: "\($0).png", date: $0) })
        try settle()
        let reader = MediaHeadCache()
        try index.store.pool.read { database in
            for _ in 0..<MediaHeadCache.searchesBefore { #expect(try reader.head(database) == nil) }
            try index.add(TestIndex.Media(name: "later.png", date: 9))
            #expect(try reader.head(database)?.count == 5)
            #expect(try reader.head(database)?.count == 5)
        }
    }

    @Test("What is kept has its bounds in rows and bytes, and knows whether it is all there is")
    func bounds() throws {
        try index.add((0..<30).map { TestIndex.Media(name: "\($0 + 10).png", date: $0, text: "0123456789") })
        func head(_ limit: MediaHead.Limit) throws -> MediaHead {
            try index.store.pool.read { try MediaHead(MediaReading($0, .text), limit: limit) }
        }
        let ten = try head(MediaHead.Limit(rows: 10))
        #expect(ten.count == 10 && !ten.isWhole && ten.last?.date == 20)
        // Six bytes of a name and ten of a text for each.
        let bytes = try head(MediaHead.Limit(bytes: 16 * 7 + 15))
        #expect(bytes.count == 7 && !bytes.isWhole)
        let all = try head(MediaHead.Limit())
        #expect(all.count == 30 && all.isWhole)
        #expect(try head(MediaHead.Limit(rows: 0)).last == nil)
        let newest = MediaKey.newest
        #expect(all.place(of: newest) == 0 && all.place(of: MediaKey(date: 28, id: .max)) == 1)
        #expect(all.place(of: MediaKey(date: -1, id: 0)) == 30)
    }

    @Test("A text is read as it is: empty, with NUL, with bytes that are no UTF-8")
    func texts() throws {
        let texts: [[UInt8]] = [[], [0x61, 0, 0x62], [0xFF, 0xFE, 0x63]]
        for (number, text) in texts.enumerated() {
            let id = try index.add(TestIndex.Media(name: "\(number).png", date: 9 - number))
            try index.store.pool.write { database in
                let blob = text.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                try database.execute(sql: "UPDATE media SET text = CAST(x'\(blob)' AS TEXT) WHERE file = \(id)")
            }
        }
        let head = try index.store.pool.read { try MediaHead(MediaReading($0, .text)) }
        var found: [[UInt8]] = []
        let end = head.read(from: 0) { row in
            found.append(Array(row.bytes(MediaReading.Column.text)))
            return true
        }
        #expect(found == texts && end == 3)
    }

    @Test("As many connections as may be open are remembered, and those long closed are forgotten")
    func connections() throws {
        try index.add(TestIndex.Media(name: "a.png", date: 1))
        let cache = MediaHeadCache()
        for _ in 0..<20 {
            let store = try Store(path: index.test.data.database)
            #expect(try store.pool.read { try cache.head($0) } == nil)
            try store.close()
        }
        #expect(cache.count <= 8)
    }
}
