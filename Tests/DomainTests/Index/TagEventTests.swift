import OrderedCollections
import Testing

@testable import Domain

/// What topics `tags` and `library` hear of the tags that people give pictures.
struct TagEventTests {
    let index: IndexUnderTest
    private static let rules = """
        [{"tag": "castles", "filters": [{"field": "pos_prompt", "operator": "contains", "value": "castle"}]}]
        """

    init() throws { index = try IndexUnderTest() }

    /// The changes of the vocabulary since the last call, as `action name color`.
    private func told() -> [String] {
        index.test.events().compactMap { event in
            guard case .pictureTagsChanged(let change) = event else { return nil }
            #expect(change.item?["type"] == "custom" && change.item?["name"]?.string == change.name)
            return "\(change.action.rawValue) \(change.name) \(change.item?["color"]?.string ?? "")"
        }
    }

    private var count: Int? { index.test.library.journal.read { $0.pictureTags.counts["custom"] } }

    @Test("A tag that is made, coloured or removed is told of once; what changes nothing is not")
    func vocabulary() async throws {
        try index.test.library.load(into: index.test.library.journal)
        #expect(count == 1)
        let tag = try await index.index.addCustomTag("later")
        _ = try await index.index.addCustomTag("later")
        #expect(told() == ["added later "] && count == 2)
        try await index.index.setColor("red", ofTag: tag.id)
        try await index.index.setColor("red", ofTag: tag.id)
        try await index.index.setColor("red", ofTag: 99)
        #expect(told() == ["changed later red"] && count == 2)
        try await index.index.removeCustomTag(tag.id)
        try await index.index.removeCustomTag(tag.id)
        try await index.index.removeCustomTag(MediaTag.like)
        #expect(told() == ["removed later red"] && count == 1)
    }

    @Test("The colour of an automatic tag is nobody's business")
    func automatic() async throws {
        try index.write(TestPicture.described(8, TestPicture.prompt("fog")), "x.png")
        try index.scan()
        let tag = try #require(try await index.index.tags(named: "fog").first)
        try await index.index.setColor("red", ofTag: tag.id)
        #expect(told() == [])
    }

    @Test("Files lose a tag before it goes")
    func order() async throws {
        let path = try index.write(TestPicture.described(8, ""), "x.png")
        try index.scan()
        let tag = try await index.index.addCustomTag("later")
        try await index.index.setTag(tag.id, of: [path], to: true)
        _ = index.test.events()
        try await index.index.removeCustomTag(tag.id)
        #expect(index.test.events().prefix(2).map(\.type) == ["library.changed", "tags.changed"])
    }

    @Test("A tag that a rule makes is told of before the files that have it, whose items show it")
    func rules() async throws {
        try index.store.setClientSetting("auto_tag_rules", to: Self.rules)
        let path = try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.write(TestPicture.described(9, TestPicture.prompt("blue dragon")), "y.png")
        try index.scan()
        let events = index.test.events()
        #expect(events.map(\.type).prefix(2) == ["tags.changed", "library.added"])
        let items = try index.store.newestItems(limit: 9).sorted { $0.name < $1.name }
        #expect(items.map(\.tags) == [["castles"], []])
        let media = try await index.index.search(MediaQuery()).media
        let found = try await index.index.items(media)
        #expect(found.first { $0.name == "x.png" }?.tags == ["castles"])
        _ = try await index.index.toggleTag(MediaTag.like, of: path)
        #expect(try index.store.newestItems(limit: 9).first { $0.name == "x.png" }?.tags == ["like", "castles"])
    }

    @Test("Files that get or lose a rule's tag when they are read again are told of")
    func readAgain() async throws {
        try index.write(TestPicture.described(8, TestPicture.prompt("red castle")), "x.png")
        try index.write(TestPicture.described(9, TestPicture.prompt("blue dragon")), "y.png")
        try index.scan()
        _ = index.test.events()
        func changed() -> [[String]] {
            index.test.events().flatMap { event in
                if case .libraryChanged(let items) = event { items.map { [$0.name] + $0.tags } } else { [[String]]() }
            }
        }
        try index.store.setClientSetting("auto_tag_rules", to: Self.rules)
        try index.scan(full: true)
        #expect(changed() == [["x.png", "castles"]])
        try index.scan(full: true)
        #expect(changed() == [])
        try index.store.setClientSetting("auto_tag_rules", to: "[]")
        try index.scan(full: true)
        #expect(changed() == [["x.png"]])
        #expect(try index.problems() == [])
    }
}
