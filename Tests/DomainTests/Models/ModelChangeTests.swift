import Testing

@testable import Domain

struct ModelChangeTests {
    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    private func change(_ hash: ContentHash, _ set: (inout ModelGallery.Changes) -> Void) async throws -> ModelRecord {
        var changes = ModelGallery.Changes()
        set(&changes)
        return try await bed.gallery.change(hash) { [changes] _ in changes }
    }

    @Test("What is not given stays")
    func absent() async throws {
        let words = try await bed.words("a")
        let hash = try bed.model("a", meta: ["description": "d"], words: words)
        let before = try #require(try await bed.gallery.model(hash))
        #expect(try await change(hash) { _ in } == before)
        #expect(bed.modelChanges() == [], "nothing changed, so nobody is told")
        var after = before
        after.name = "new"
        #expect(try await change(hash) { $0.name = "new" } == after)
        after.type = nil
        #expect(try await change(hash) { $0.type = .some(nil) } == after)
        after.type = "vae"
        #expect(try await change(hash) { $0.type = "vae" } == after)
        after.path = "/else/where"
        #expect(try await change(hash) { $0.path = "/else/where" } == after)
        #expect(try await bed.gallery.model(hash) == after)
    }

    @Test("The description is replaced as a whole; how many pictures there are is nobody's to say")
    func meta() async throws {
        let hash = try bed.model("a", meta: ["description": "d", "mine": 1])
        try bed.samples(hash, 1)
        let changed = try await change(hash) { $0.meta = ["images_count": 50, "prompts": ["negative": "n"]] }
        #expect(changed.meta["images_count"] == 1 && changed.meta["mine"] == nil && changed.meta["description"] == "")
        #expect(changed.meta["prompts"] == ["positive": "", "negative": "n"])
        try bed.samples(hash, 0, arriving: 0)
        for given in [JSON.null, "text", [1], 4] {
            #expect(try await change(hash) { $0.meta = given }.meta == ModelMeta.shown([:], samples: 1))
        }
    }

    @Test("Tags are replaced as a whole")
    func tags() async throws {
        let words = try await bed.words("a", "b", "c")
        let hash = try bed.model("a", words: [words[0]])
        #expect(try await change(hash) { $0.words = [words[2], words[1], words[2]] }.words.map(\.name) == ["b", "c"])
        #expect(try await change(hash) { $0.words = [] }.words == [])
    }

    @Test("An unknown tag changes nothing at all", arguments: [0, -1, 99, .max])
    func unknownTag(id: Int) async throws {
        let words = try await bed.words("a", "b")
        let hash = try bed.model("a", words: [words[0]])
        let before = try await bed.gallery.model(hash)
        await #expect(throws: ModelGalleryError.unknownWord(id)) {
            try await change(hash) {
                $0.name = "new"
                $0.meta = ["description": "new"]
                $0.words = [words[1], id]
            }
        }
        #expect(try await bed.gallery.model(hash) == before)
        #expect(bed.modelChanges() == [])
    }

    @Test("An unknown model cannot be changed")
    func unknownModel() async throws {
        await #expect(throws: ModelGalleryError.unknownModel) {
            try await change(GalleryBed.hash("a")) { $0.name = "x" }
        }
        #expect(bed.modelChanges() == [])
    }

    @Test("Zero bytes in texts are dropped, everything else stays")
    func zeros() async throws {
        let hash = try bed.model("a")
        let changed = try await change(hash) {
            $0.name = "a\0b'\"\u{1F600}\n"
            $0.type = "\0"
            $0.path = "/x\0/y"
            $0.meta = ["description": "a\0b"]
        }
        #expect(changed.name == "ab'\"\u{1F600}\n" && changed.type == "" && changed.path == "/x/y")
        #expect(changed.meta["description"] == "a\0b")
    }

    @Test("Every change is told once, after it is in the store, with the model as it is")
    func events() async throws {
        let words = try await bed.words("w")
        let hash = try bed.model("a", name: nil, path: "/p/file.pt", size: nil)
        try bed.samples(hash, 2)
        let store = bed.store
        let checked = Checked()
        bed.test.library.journal.listen { entry in
            guard case .modelsChanged(let change) = entry.event else { return }
            checked.note((try? store.model(hash))?.json == change.item)
        }
        _ = try await change(hash) { $0.words = words }
        let item: JSON = [
            "sha256": .string(hash.hex), "name": "file.pt", "type": "loras", "path": "/p/file.pt", "size_bytes": .null,
            "created_at": 2, "images_count": 2, "tags": [["id": .int(Int64(words[0])), "name": "w"]],
        ]
        #expect(bed.modelChanges() == [CatalogChange(.changed, name: "file.pt", item: item)])
        #expect(checked.results == [true])
        try await bed.gallery.threads.run { [bed] in
            try bed.gallery.noteChanged(hash)
            try bed.gallery.noteChanged(GalleryBed.hash("b"))
        }
        #expect(bed.modelChanges() == [CatalogChange(.changed, name: "file.pt", item: item)])
    }

    @Test("Many changes at once leave events in the order of the commits")
    func orderOfEvents() async throws {
        let hash = try bed.model("a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask { _ = try await change(hash) { $0.name = "n\(number)" } }
            }
            try await group.waitForAll()
        }
        let changes = bed.modelChanges()
        #expect(changes.count == 60 && Set(changes.map(\.name)).count == 60)
        #expect(changes.last?.name == (try await bed.gallery.model(hash))?.name)
    }
}
