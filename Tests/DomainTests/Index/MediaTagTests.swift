import GRDB
import Testing

@testable import Domain

/// Tags that people give (contracts/iib.md §5).
struct MediaTagTests {
    let index: TestIndex
    let media: MediaIndex
    let folder: TemporaryFolder

    init() throws {
        index = try TestIndex()
        media = MediaIndex(library: index.test.library)
        folder = try TemporaryFolder()
    }

    /// Files on the disk and in the index, as a scan leaves them; answers paths and ids.
    private func files(
        _ names: [String],
        hashed: Bool = false,
        bytes: [UInt8] = [1]
    ) throws -> [(path: String, id: Int)] {
        let root = try index.test.library.addRoot(try folder.makeFolder("root"))
        return try names.map { name in
            try folder.write(bytes, "root/" + name)
            let id = try index.store.pool.write { database in
                let directory = try Store.directory("", of: root.id, device: 0, database)
                var content: Int?
                if hashed {
                    try database.execute(
                        sql:
                            "INSERT INTO content (sha256, mime, size, thumbnail, added) VALUES (randomblob(32), 'image/png', 1, 0, 0)"
                    )
                    content = Int(database.lastInsertedRowID)
                }
                try database.execute(
                    sql: "INSERT INTO file (directory, name, content, size, mtime_ns, added) VALUES (?, ?, ?, 1, 0, 0)",
                    arguments: [directory, name, content]
                )
                let file = Int(database.lastInsertedRowID)
                try database.execute(
                    sql:
                        "INSERT INTO media (file, date, kind, directory, size, name, text) VALUES (?, 5, 1, ?, 1, ?, '')",
                    arguments: [file, directory, name]
                )
                return file
            }
            return (root.path + "/" + name, id)
        }
    }

    private func found(_ tag: Int) async throws -> [Int] {
        var query = MediaQuery()
        query.allTags = [tag]
        return try await media.search(query).media.map(\.id)
    }

    @Test(
        "Names are refused by their words and characters",
        arguments: [
            ("like that", true), ("", false), (" ", true), (String(repeating: "x", count: 400), true),
            ("a b c d e f g h", true), ("a b c d e f g h i", true),
            ("aaaaa bbbbb ccccc ddddd eeeee fffff ggggg hhhhh", true),
            ("aaaaa bbbbb ccccc ddddd eeeee fffff ggggg hhhhh i", false),
            (String(repeating: "字", count: 12), true), (String(repeating: "字", count: 13), false),
            ("a" + String(repeating: "字", count: 13), true), ("a\0b", false),
        ]
    )
    func names(name: String, isTaken: Bool) async throws {
        if isTaken {
            #expect(try await media.addCustomTag(name).name == name)
        } else {
            await #expect(throws: MediaIndexError.invalidTagName) { try await media.addCustomTag(name) }
        }
    }

    @Test("The tag like is always there; a name that is taken answers the tag that has it")
    func adding() async throws {
        #expect(try await media.customTags() == [MediaTag(id: 1, name: "like", type: "custom")])
        let tag = try await media.addCustomTag("later")
        #expect(try await media.addCustomTag("later") == tag)
        _ = try index.tag("later")
        #expect(try await media.addCustomTag("later") == tag)
        #expect(try await media.tags(named: "later").map(\.type) == ["custom", "pos"])
        #expect(try await media.tags(named: "none").isEmpty)
        let model = try index.tag("add_detail", type: "lora")
        _ = try index.tag("add_word")
        #expect(try await media.tags(named: "add detail").map(\.id) == [model])
        #expect(try await media.tags(named: "add_detail").map(\.id) == [model])
        #expect(try await media.tags(named: "add word").isEmpty)
        try await media.setColor("red", ofTag: tag.id)
        try await media.setColor("red", ofTag: 99)
        #expect(try await media.customTags().map(\.color) == ["", "red"])
    }

    @Test("A toggled tag is found, told of, and gone when toggled again")
    func toggling() async throws {
        let file = try #require(try files(["a.png"], hashed: true).first)
        _ = index.test.events()
        #expect(try await media.toggleTag(1, of: file.path))
        #expect(try await found(1) == [file.id])
        #expect(try await media.customTags(of: [file.path, "/none"]).map { $0.map(\.name) } == [["like"], []])
        guard case .libraryChanged(let items)? = index.test.events().first else {
            Issue.record("no event")
            return
        }
        #expect(items.map(\.id) == [file.id] && items.first?.tags == ["like"])
        #expect(try index.store.item(id: file.id)?.tags == ["like"])
        #expect(try await media.toggleTag(1, of: file.path) == false)
        #expect(try await found(1).isEmpty)
        #expect(try await media.customTags(of: [file.path]) == [[]])
    }

    @Test("A file whose content is not known yet is tagged without an event")
    func unhashed() async throws {
        let file = try #require(try files(["a.png"]).first)
        _ = index.test.events()
        #expect(try await media.toggleTag(1, of: file.path))
        #expect(index.test.events().isEmpty)
        #expect(try await found(1) == [file.id])
    }

    @Test("A batch checks all paths before it changes any")
    func batch() async throws {
        let files = try files(["a.png", "b.png"])
        let paths = files.map(\.path)
        await #expect(throws: MediaIndexError.outsideLibrary("/etc/hosts")) {
            try await media.setTag(1, of: paths + ["/etc/hosts"], to: true)
        }
        await #expect(throws: MediaIndexError.noTag(77)) { try await media.setTag(77, of: paths, to: true) }
        #expect(try await found(1).isEmpty)
        try await media.setTag(1, of: paths + paths, to: true)
        #expect(try await Set(found(1)) == Set(files.map(\.id)))
        try await media.setTag(1, of: [paths[0]], to: true)
        try await media.removeTag(1, fromFile: files[1].id)
        try await media.removeTag(1, fromFile: 9999)
        try await media.removeTag(77, fromFile: files[0].id)
        #expect(try await found(1) == [files[0].id])
        try await media.setTag(1, of: paths, to: false)
        #expect(try await found(1).isEmpty)
    }

    @Test("A path by way of a link is the file it leads to")
    func linked() async throws {
        let file = try #require(try files(["a.png"]).first)
        let link = folder.path + "/link"
        try folder.link("link", to: folder.path + "/root")
        #expect(try await media.toggleTag(1, of: link + "/a.png"))
        #expect(try await media.customTags(of: [link + "/a.png"]).map(\.count) == [1])
        #expect(try await found(1) == [file.id])
    }

    @Test("A custom tag that a rule gave is shown, and taken away, like a person's")
    func ruled() async throws {
        let files = try files(["a.png", "b.png"], hashed: true)
        let tag = try index.tag("mine", type: MediaTag.custom)
        for file in files {
            try index.execute("UPDATE media SET tags = json_array(?) WHERE file = ?", [tag, file.id])
        }
        #expect(try await media.customTags(of: files.map(\.path)).map(\.count) == [1, 1])
        #expect(try await media.customTags().map(\.count) == [0, 0])
        #expect(try await media.toggleTag(tag, of: files[0].path) == false)
        #expect(try await found(tag) == [files[1].id])
        #expect(try await media.toggleTag(tag, of: files[0].path))
        #expect(try await Set(found(tag)) == Set(files.map(\.id)))
        try await media.removeCustomTag(tag)
        #expect(try await found(tag).isEmpty)
        #expect(try await media.customTags(of: files.map(\.path)) == [[], []])
    }

    @Test("Nothing can be tagged in an empty index")
    func empty() async throws {
        _ = try files([])
        await #expect(throws: MediaIndexError.empty) { try await media.toggleTag(1, of: folder.path + "/root/a.png") }
    }

    @Test("A removed tag leaves all files, like stays without files, and others are left alone")
    func removing() async throws {
        let files = try files(["a.png", "b.png"], hashed: true)
        let tag = try await media.addCustomTag("later")
        let automatic = try index.tag("forest")
        try await media.setTag(tag.id, of: files.map(\.path), to: true)
        try await media.setTag(1, of: files.map(\.path), to: true)
        _ = index.test.events()
        try await media.removeCustomTag(tag.id)
        guard case .libraryChanged(let items)? = index.test.events().first else {
            Issue.record("no event")
            return
        }
        #expect(Set(items.map(\.id)) == Set(files.map(\.id)) && items.allSatisfy { $0.tags == ["like"] })
        #expect(try await found(tag.id).isEmpty)
        try await media.removeCustomTag(1)
        try await media.removeCustomTag(automatic)
        try await media.removeCustomTag(12345)
        #expect(try await media.tags().map(\.id) == [1, automatic])
        #expect(try await found(1).isEmpty)
    }

    @Test("Of many tags, those of words come last and only the most used")
    func many() async throws {
        let ids = try (0..<5).map { try index.tag("word \($0)") }
        let model = try index.tag("XL", type: "Model")
        for (place, id) in ids.enumerated() {
            try index.execute("UPDATE tag SET count = ? WHERE id = ?", [place, id])
        }
        #expect(try await media.tags(limit: 7).map(\.id) == [1] + ids + [model])
        #expect(try await media.tags(limit: 3).map(\.id) == [1, model, ids[4], ids[3], ids[2]])
    }

    @Test("Files that are gone from the disk are left out of answers")
    func gone() async throws {
        // Real pictures: the index looks again at a folder in which something is missing.
        let files = try files(["a.png", "b.png", "c.png"], bytes: try TestPicture.png(4, 4))
        try folder.remove("root/b.png")
        #expect(try await media.search(MediaQuery()).media.map(\.id) == [files[2].id, files[0].id])
        // The search had the index look at the folder; what it finds there is in place then.
        try await media.update()
        try folder.remove("root/c.png")
        #expect(try await media.search(MediaQuery()).media.map(\.path) == [files[0].path])
    }
}
