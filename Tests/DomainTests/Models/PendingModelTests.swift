import Testing

@testable import Domain

struct PendingModelTests {
    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    @Test("What waits comes oldest first, with its tags and everything filled in")
    func list() async throws {
        let words = try await bed.words("b", "a")
        let late = try bed.pending("late", created: 9, words: words)
        let none = try bed.pending("none", created: nil, meta: ["images": ["x", 3, "y"], "description": "d"])
        let first = try bed.pending("first", created: 1)
        let same = try bed.pending("same", created: 1)
        let records = try await bed.gallery.pending()
        #expect(records.map(\.id) == [none, first, same, late])
        let shown =
            #"{"description":"d","community_links":"","images":["x","y"],"prompts":{"positive":"","negative":""}}"#
        #expect(records[0].meta.text == shown && records[0].created == nil)
        #expect(records[3].words.map(\.name) == ["a", "b"] && records[3].hash == nil)
        #expect(try await bed.gallery.pending(id: late) == records[3])
        #expect(try await bed.gallery.pending(id: 99) == nil)
    }

    @Test("A path waits once, a taken id is not given again, an unknown tag keeps a record out")
    func adding() async throws {
        let id = try bed.pending("a", id: 7)
        #expect(id == 7)
        #expect(throws: (any Error).self) { try bed.pending("a") }
        #expect(throws: (any Error).self) { try bed.pending("b", id: 7) }
        #expect(throws: ModelGalleryError.unknownWord(99)) { try bed.pending("c", words: [99]) }
        #expect(try bed.pending("d") > 7)
        #expect(try await bed.gallery.pending().map(\.name) == ["a", "d"])
    }
}
