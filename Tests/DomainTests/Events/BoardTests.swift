import Domain
import OrderedCollections
import Testing

struct BoardTests {
    private func client(_ id: String, since: Int = 0) -> ClientRecord {
        ClientRecord(
            id: id,
            kind: .script,
            transport: .websocket,
            protocol: "vitrine.v1",
            role: .viewer,
            since: since,
            address: "127.0.0.1"
        )
    }

    private func item(_ id: Int, name: String = "n") -> LibraryItem {
        LibraryItem(id: id, sha256: "s\(id)", name: name, root: "/r", path: "p", mime: "image/png", size: 1, added: 0)
    }

    @Test("Clients come, change and go; who is gone does not change")
    func clients() {
        var board = ClientBoard()
        board.apply(.clientJoined(client("b", since: 2)))
        board.apply(.clientJoined(client("a", since: 1)))
        var named = client("b", since: 2)
        named.name = "box"
        board.apply(.clientChanged(named))
        #expect(board.clients.map(\.id) == ["a", "b"])
        #expect(board.client("b")?.name == "box")
        board.apply(.clientLeft(id: "b"))
        board.apply(.clientChanged(named))
        board.apply(.clientLeft(id: "nobody"))
        #expect(board.clients.map(\.id) == ["a"])
        #expect(board.count == 1)
    }

    @Test("The newest 24 items are shown, changed in place and removed")
    func library() {
        var board = LibraryBoard()
        board.apply(.libraryAdded((1...20).map { item($0) }))
        board.apply(.libraryAdded((21...30).map { item($0) }))
        #expect(board.newest.map(\.id) == (7...30).reversed())
        board.apply(.libraryChanged([item(30, name: "new"), item(1)]))
        #expect(board.newest.first?.name == "new")
        board.apply(.libraryRemoved([.init(id: 30, sha256: ""), .init(id: 1, sha256: "")]))
        #expect(board.newest.map(\.id) == (7...29).reversed())
        board.apply(.libraryCounts(LibraryCounts(contents: 1, files: 2, bytes: 3)))
        #expect(board.counts == LibraryCounts(contents: 1, files: 2, bytes: 3))
    }

    @Test("The last 100 lines of the log stay")
    func log() {
        var board = LogBoard()
        for number in 0..<150 {
            board.apply(.logLine(LogLine(at: number, level: .info, message: "", source: "")))
        }
        #expect(board.lines.map(\.at) == Array(50..<150))
    }

    private func message(_ name: String, _ key: String?, _ data: JSON) -> Event {
        .appMessage(name: name, from: "c", data: data, key: key)
    }

    @Test("Of an app topic the newest of the 64 last used keys stays; without a key nothing does")
    func app() {
        var board = AppBoard()
        board.apply(message("t", nil, 1))
        #expect(board.values("t").isEmpty)
        for number in 0..<64 { board.apply(message("t", "k\(number)", 1)) }
        board.apply(message("t", "k0", 2))
        board.apply(message("t", "k64", 3))
        let values = board.values("t")
        #expect(values.count == 64)
        #expect(values["k0"] == 2)
        #expect(values["k64"] == 3)
        #expect(values.index(forKey: "k1") == nil)
        #expect(board.values("other").isEmpty)
    }

    @Test("Topics of clients cannot grow without bound, in number or in bytes")
    func appBounds() {
        var board = AppBoard()
        for number in 0..<(AppBoard.topicsLimit + 5) { board.apply(message("t\(number)", "k", 1)) }
        #expect(board.values("t4").isEmpty)
        #expect(board.values("t5").count == 1)
        let large = JSON.string(String(repeating: "x", count: 1 << 20))
        for number in 0..<20 { board.apply(message("large\(number)", "k", large)) }
        #expect(board.values("large4").isEmpty)
        #expect(board.values("large19").count == 1)
        #expect(board.values("t\(AppBoard.topicsLimit)").isEmpty)
    }
}
