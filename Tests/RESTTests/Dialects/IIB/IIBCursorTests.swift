import Domain
import Testing

@testable import REST

@Suite struct IIBCursorTests {
    private static let twice = [1_792_888_200, 1_792_891_800]

    private func place(_ text: String, date: Int? = nil) async throws -> MediaCursor? {
        try await IIBCursor.dated(text, zone: .berlin) { _ in date }
    }

    @Test(arguments: [0, 1_700_000_000, 1_774_745_999, 1_774_746_000, 1_792_893_600])
    func `a date and an id come back as they were`(date: Int) async throws {
        for cursor in [MediaCursor.before(date: date, id: 7), .before(date: date, id: nil)] {
            let text = IIBCursor.text(cursor, order: .newest, zone: .berlin)
            #expect(try await place(text) == cursor)
        }
    }

    @Test func `its form is the contract's`() {
        let cursor = MediaCursor.before(date: 1_700_000_000, id: 7)
        #expect(IIBCursor.text(cursor, order: .newest, zone: .utc) == "2023-11-14 22:13:20|7")
    }

    @Test func `in the hour that comes twice the file says which it was`() async throws {
        for date in Self.twice {
            let cursor = MediaCursor.before(date: date, id: 7)
            let text = IIBCursor.text(cursor, order: .newest, zone: .berlin)
            #expect(text == "2026-10-25 02:30:00|7")
            #expect(try await place(text, date: date) == cursor)
        }
    }

    @Test func `in that hour, a file that is gone or has changed and a bare date mean the later moment`() async throws {
        let later = Self.twice[1]
        #expect(try await place("2026-10-25 02:30:00|7") == .before(date: later, id: 7))
        #expect(try await place("2026-10-25 02:30:00|7", date: 1) == .before(date: later, id: 7))
        #expect(try await place("2026-10-25 02:30:00") == .before(date: later, id: nil))
    }

    @Test func `a day without a time is its beginning`() async throws {
        #expect(try await place("2026-01-01") == .before(date: 1_767_222_000, id: nil))
    }

    @Test(arguments: ["x", "2026-01-01 00:00:00|", "2026-01-01 00:00:00|x", "|7", "2026-01-01 00:00:00|7|8", "200"])
    func `what is no cursor names no place`(text: String) async throws {
        #expect(try await place(text) == nil)
    }

    @Test func `a shuffled place carries the order it is in`() throws {
        let order = MediaQuery.Order.random(seed: .max)
        let cursor = MediaCursor.shuffled(key: 12_345, id: 9)
        let read = try #require(IIBCursor.shuffled(IIBCursor.text(cursor, order: order)))
        #expect(read.order == order)
        #expect(read.after == cursor)
        for text in ["", "200", "random|1|2", "random|1|2|x", "random|-1|2|3", "2026-01-01 00:00:00|7"] {
            #expect(IIBCursor.shuffled(text) == nil)
        }
    }
}
