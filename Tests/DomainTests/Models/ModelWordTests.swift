import Testing

@testable import Domain

struct ModelWordTests {
    private let bed: GalleryBed

    init() throws {
        bed = try GalleryBed()
        try bed.forgetWords()
    }

    private func list(_ set: (inout ModelGallery.WordQuery) -> Void) async throws -> (names: [String], total: Int) {
        var query = ModelGallery.WordQuery()
        set(&query)
        let answer = try await bed.gallery.words(query)
        return (answer.words.map(\.name), answer.total)
    }

    @Test("Names are trimmed, found or made, and come back in their order")
    func adding() async throws {
        let first = try await bed.gallery.addWords([" b ", "a", "", " \t\n\u{3000}", "\0", "B", "b", "a b"])
        #expect(first.map(\.name) == ["b", "a", "B", "b", "a b"])
        #expect(first[0].id == first[3].id && Set(first.map(\.id)).count == 4)
        let again = try await bed.gallery.addWords(["x\0y", "a"])
        #expect(again.map(\.name) == ["xy", "a"] && again[1].id == first[1].id)
        #expect(try await bed.gallery.words().map(\.name) == ["B", "a", "a b", "b", "xy"])
        #expect(try await bed.gallery.addWords([]) == [])
    }

    @Test("New words are told of, known ones are not")
    func events() async throws {
        _ = try await bed.words("a")
        let made = try await bed.gallery.addWords(["a", "b", "b"])
        let told = bed.test.events().compactMap { if case .tagsChanged(let change) = $0 { change } else { nil } }
        let item: JSON = ["id": .int(Int64(made[1].id)), "name": "b", "count": 0, "type": "user"]
        #expect(told == [CatalogChange(.added, name: "b", item: item)])
    }

    @Test("The same new word asked for by many at once is one word")
    func atOnce() async throws {
        let ids = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<40 { group.addTask { [bed] in try await bed.gallery.addWords(["w"]).first?.id } }
            return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
        }
        #expect(ids.count == 1 && bed.test.events().count == 1)
    }

    @Test("Words say how many models have them")
    func counts() async throws {
        let words = try await bed.words("a", "b", "c")
        try bed.model("a", words: [words[0], words[1]])
        try bed.model("b", words: [words[1]])
        try bed.pending("p", words: [words[2]])
        #expect(try await bed.gallery.words().map(\.count) == [1, 2, 0])
        let answer = try await list { $0.includesUnused = false }
        #expect(answer == (["b", "a"], 2))
        #expect(try await list { $0.order = .nameAscending } == (["a", "b", "c"], 3))
        #expect(try await list { _ in } == (["b", "a", "c"], 3))
    }

    @Test("A beginning is literal, whatever its case")
    func prefix() async throws {
        _ = try await bed.words("Éa", "éb", "a_1", "ab1", "100%", "1000", "İx")
        for (prefix, found) in [
            ("é", ["Éa", "éb"]), ("É", ["Éa", "éb"]), ("a_", ["a_1"]), ("A", ["a_1", "ab1"]), ("100%", ["100%"]),
            ("%", []), ("1", ["100%", "1000"]), ("zz", []), ("'", []),
        ] {
            #expect(try await list { $0.prefix = prefix } == (found, found.count), "\(prefix)")
        }
    }

    @Test("A part of the list comes with the number of all")
    func pages() async throws {
        _ = try await bed.words("a", "b", "c", "d")
        for (limit, offset, found) in [
            (2, 1, ["b", "c"]), (9, 3, ["d"]), (9, 9, []), (0, 0, []), (-1, -1, []), (1, -5, ["a"]),
        ] {
            #expect(
                try await list {
                    $0.limit = limit
                    $0.offset = offset
                } == (found, 4)
            )
        }
    }
}
