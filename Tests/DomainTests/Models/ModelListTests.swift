import Testing

@testable import Domain

struct ModelListTests {
    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    private func names(_ query: ModelGallery.Query) async throws -> [String] {
        try await bed.gallery.models(query).models.map(\.shownName)
    }

    @Test("Models of a type come by the name that is shown, then by hash")
    func order() async throws {
        try bed.model("c", name: "b")
        try bed.model("b", name: "b")
        try bed.model("a", name: nil, path: "/x/y/a.pt")
        try bed.model("d", name: "", path: "/c.pt")
        try bed.model("e", name: "B")
        try bed.model("f", name: "z", type: "checkpoints")
        let models = try await bed.gallery.models(ofType: "loras")
        #expect(models.map(\.shownName) == ["B", "a.pt", "b", "b", "c.pt"])
        #expect(models.map { $0.hash.hex.prefix(1) } == ["e", "a", "b", "c", "d"])
        #expect(models.map(\.name) == ["B", nil, "b", "b", ""])
    }

    @Test(
        "A type is exact, and of an unknown one there are none",
        arguments: ["Loras", "lora", "", "loras ", "%", "l_ras"]
    )
    func exactType(type: String) async throws {
        try bed.model("a", type: "loras")
        #expect(try await bed.gallery.models(ofType: type) == [])
    }

    @Test("Others are those whose type is missing, empty or not known")
    func others() async throws {
        try bed.model("a", name: "none", type: nil)
        try bed.model("b", name: "empty", type: "")
        try bed.model("c", name: "strange", type: "Loras")
        try bed.model("d", name: "others", type: "others")
        try bed.model("e", name: "known", type: "checkpoints")
        #expect(try await names(.init(type: nil)) == ["empty", "none", "others", "strange"])
    }

    @Test("A record tells everything, with sample pictures that are there")
    func record() async throws {
        let words = try await bed.words("zoo", "Ape", "ape")
        let meta: JSON = ["prompts": ["positive": "p", "x": 1], "y": [true], "images_count": 99]
        let hash = try bed.model("a", name: "n", path: "/é/x", size: 7, created: 8, meta: meta, words: words)
        try bed.samples(hash, 3, arriving: 1)
        try bed.samples(GalleryBed.hash("b"), 1)
        let model = try #require(try await bed.gallery.model(hash))
        #expect(model.words.map(\.name) == ["Ape", "ape", "zoo"])
        #expect(model.samples == 3 && model.size == 7 && model.created == 8 && model.path == "/é/x")
        let shown =
            #"{"description":"","community_links":"","images_count":3,"prompts":{"positive":"p","negative":"","x":1},"y":[true]}"#
        #expect(model.meta.text == shown)
        #expect(try await bed.gallery.models(ofType: "loras") == [model])
        #expect(try await bed.gallery.model(GalleryBed.hash("b")) == nil)
    }

    @Test("Text is found in names and file names, whatever its case, and nothing in it is special")
    func text() async throws {
        try bed.model("a", name: "Über 100%", path: "/secret/one.pt")
        try bed.model("b", name: nil, path: "/secret/Two_x.pt")
        try bed.model("c", name: "c", path: "/secret/three")
        for (text, found) in [
            ("üBER", ["Über 100%"]), ("%", ["Über 100%"]), ("_", ["Two_x.pt"]), ("secret", []), ("TWO_", ["Two_x.pt"]),
            ("o", ["Two_x.pt", "Über 100%"]), ("", ["Two_x.pt", "c", "Über 100%"]), ("'", []),
            ("\0", ["Two_x.pt", "c", "Über 100%"]),
        ] {
            var query = ModelGallery.Query(type: "loras")
            query.text = text
            #expect(try await names(query) == found, "\(text)")
        }
    }

    @Test("Words are all asked for, or all kept out; unknown ones no model has")
    func words() async throws {
        let words = try await bed.words("a", "b")
        try bed.model("a", name: "both", words: words)
        try bed.model("b", name: "one", words: [words[0]])
        try bed.model("c", name: "none")
        for (wanted, kept, found) in [
            ([words[0]], [], ["both", "one"]), (words, [], ["both"]), ([words[0]], [words[1]], ["one"]),
            ([], words, ["none"]), ([99], [], []), ([], [99], ["both", "none", "one"]),
            ([words[1], words[1]], [], ["both"]),
        ] as [([Int], [Int], [String])] {
            var query = ModelGallery.Query(type: "loras")
            query.words = wanted
            query.excludedWords = kept
            #expect(try await names(query) == found)
        }
    }

    @Test("A part of the list comes with the number of all")
    func pages() async throws {
        for digit in "abcdef" { try bed.model(digit, name: String(digit)) }
        for (limit, offset, found) in [
            (2, 0, ["a", "b"]), (2, 4, ["e", "f"]), (nil, 4, ["e", "f"]), (0, 0, []), (5, 9, []), (-3, -3, []),
            (1, -1, ["a"]), (.max, .max, []),
        ] as [(Int?, Int, [String])] {
            var query = ModelGallery.Query(type: "loras")
            query.limit = limit
            query.offset = offset
            let answer = try await bed.gallery.models(query)
            #expect(answer.models.map(\.shownName) == found && answer.total == 6)
        }
    }
}
