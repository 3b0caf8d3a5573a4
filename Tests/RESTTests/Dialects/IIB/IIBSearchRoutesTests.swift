import Domain
import Testing

@testable import REST

/// Searches by words and tags (contracts/iib.md §4).
@Suite struct IIBSearchRoutesTests {
    private let server: IIBServer

    init() async throws {
        server = try IIBServer()
        try server.picture("cats/one.png", width: 10, date: 1_700_000_100)
        try server.picture("cats/two.png", width: 20, date: 1_700_000_200)
        try server.picture("dogs/three.png", width: 30, date: 1_700_000_300)
        try server.folder.write(#"RIFF\#0\#0\#0\#0WAVEfmt "#, to: "library/dogs/sound.wav")
        _ = try await server.post("/db/update_image_data")
        for (name, text) in [("cats/one", "a red ball"), ("cats/two", "a blue ball"), ("dogs/three", "a red 100% box")]
        {
            _ = try await server.post(
                "/update_exif",
                ["path": .string("\(server.root)/\(name).png"), "exif": .string(text)]
            )
        }
    }

    private func names(_ answer: TestServer.Answer) -> [String] {
        answer.json["files"]?.array?.compactMap { $0["name"]?.string } ?? ["\(answer.status)"]
    }

    private func search(_ body: JSON) async throws -> [String] {
        names(try await server.post("/db/search_by_substr", body)).filter { $0.hasSuffix(".png") }
    }

    @Test func `words are looked for in path and text, the newest first`() async throws {
        #expect(try await search(["surstr": "red"]) == ["three.png", "one.png"])
        #expect(try await search(["surstr": "CATS"]) == ["two.png", "one.png"])
        #expect(try await search(["surstr": "red", "path_only": true]) == [])
        #expect(try await search(["surstr": "cats", "path_only": true]) == ["two.png", "one.png"])
        #expect(try await search(["surstr": ""]) == ["three.png", "two.png", "one.png"])
        #expect(try await search(["surstr": "nothing"]) == [])
    }

    @Test func `an expression stands in place of the words, and one that is none is told`() async throws {
        #expect(try await search(["surstr": "nothing", "regexp": "BL.E ball$"]) == ["two.png"])
        let bad = try await server.post("/db/search_by_substr", ["surstr": "", "regexp": "(a"])
        #expect(bad.status == 400)
        #expect(bad.detail?.string?.hasPrefix("Invalid regular expression") == true)
    }

    @Test func `seeds have 64 bits, as numbers and as texts, and follow an edited text`() async throws {
        let least: UInt64 = 0x8000_0000_0000_0000
        for (name, seed) in [("cats/one", UInt64.max - 1), ("cats/two", .max), ("dogs/three", least)] {
            let text = "x\nSteps: 1, Sampler: s, Seed: \(seed)"
            let body: JSON = ["path": .string("\(server.root)/\(name).png"), "exif": .string(text)]
            _ = try await server.post("/update_exif", body)
        }
        func search(_ members: String) async throws -> [String] {
            let path = server.base + "/db/search_by_substr"
            return names(try await server.server.post(path, #"{"surstr":"",\#(members)}"#))
        }
        #expect(try await search(#""seed":18446744073709551615"#) == ["two.png"])
        #expect(try await search(#""seed":"18446744073709551614""#) == ["one.png"])
        #expect(try await search(#""seed":9223372036854775808"#) == ["three.png"])
        #expect(try await search(#""seed":9223372036854775807"#) == [])
        #expect(try await search(#""seed":-1"#) == [])
        #expect(try await search(#""min_seed":9223372036854775809"#) == ["two.png", "one.png"])
        #expect(try await search(#""min_seed":-5,"max_seed":18446744073709551614"#) == ["three.png", "one.png"])
        #expect(try await search(#""max_seed":-1"#) == [])
        #expect(try await search(#""seed":"x""#) == ["422"])
    }

    @Test func `folders narrow, also those below them, and none that exists finds nothing`() async throws {
        #expect(
            try await search(["surstr": "", "folder_paths": [.string(server.root + "/cats")]]) == [
                "two.png", "one.png",
            ]
        )
        #expect(try await search(["surstr": "", "folder_paths": [.string(server.root)]]).count == 3)
        #expect(try await search(["surstr": "", "folder_paths": [.string(server.root + "/none")]]) == [])
        #expect(try await search(["surstr": "", "folder_paths": .null]).count == 3)
        #expect(try await search(["surstr": "", "folder_paths": []]).count == 3)
        let body: JSON = ["surstr": "", "folder_paths": [.string(server.root + "/none")]]
        let empty = try await server.post("/db/search_by_substr", body)
        #expect(empty.text == #"{"files":[],"cursor":{"has_next":false,"next":""}}"#)
    }

    @Test(arguments: [("image", 3), ("all", 3), ("", 3), ("video", 0), ("anything", 0), ("audio", 0)])
    func `media types narrow, and unknown words mean videos`(type: String, pictures: Int) async throws {
        #expect(try await search(["surstr": "", "media_type": .string(type)]).count == pictures)
    }

    @Test func `pages follow each other without repeating or missing anything`() async throws {
        for number in 0..<20 { try server.picture("many/\(number).png", date: 1_600_000_000 + number / 4) }
        _ = try await server.post("/db/update_image_data")
        for size in [1, 3, 7, 50] {
            var cursor = ""
            var found: [Int] = []
            for _ in 0..<30 {
                let body: JSON = ["surstr": "many", "size": .int(Int64(size)), "cursor": .string(cursor)]
                let answer = try await server.post("/db/search_by_substr", body).json
                let page = answer["files"]?.array ?? []
                #expect(page.count <= size)
                found += page.compactMap { $0["id"]?.int }
                cursor = answer["cursor"]?["next"]?.string ?? ""
                guard answer["cursor"]?["has_next"] == true else { break }
                let last = page.last
                #expect(cursor == "\(last?["date"]?.string ?? "")|\(last?["id"]?.int ?? 0)")
            }
            #expect(found.count == 20)
            #expect(Set(found).count == 20, "pages of \(size)")
        }
    }

    @Test
    func `a bare date is strictly before, a page of none tells whether there is any, a negative size is no bound`()
        async throws
    {
        var time = LocalTimeWriter()
        let date = JSON.string(time.text(1_700_000_200))
        #expect(try await search(["surstr": "", "cursor": date, "media_type": "image"]) == ["one.png"])
        let none = try await server.post("/db/search_by_substr", ["surstr": "red", "size": 0])
        #expect(none.text == #"{"files":[],"cursor":{"has_next":true,"next":""}}"#)
        let nothing = try await server.post("/db/search_by_substr", ["surstr": "nothing", "size": 0])
        #expect(nothing.json["cursor"]?["has_next"] == false)
        #expect(try await search(["surstr": "", "size": -1]).count == 3)
        let wrong = try await server.post("/db/search_by_substr", ["surstr": "", "cursor": "yesterday"])
        #expect(wrong.status == 400)
        #expect(wrong.detail == "Invalid cursor")
    }

    @Test func `the extras narrow`() async throws {
        var time = LocalTimeWriter()
        let second = JSON.string(time.text(1_700_000_200))
        #expect(try await search(["surstr": "", "not": ["blue", "dogs"]]) == ["one.png"])
        #expect(try await search(["surstr": "", "min_width": 15, "max_width": 25]) == ["two.png"])
        #expect(try await search(["surstr": "", "min_height": 7]) == [])
        #expect(try await search(["surstr": "", "date_from": second]) == ["three.png", "two.png"])
        #expect(try await search(["surstr": "", "date_to": second, "media_type": "image"]) == ["two.png", "one.png"])
        #expect(try await search(["surstr": "", "max_size": 1]) == [])
        #expect(try await search(["surstr": "", "min_size": 2, "max_size": 1]) == [])
        for date in ["tomorrow", "2026-02-30", "2026-01-01T"] {
            let wrong = try await server.post("/db/search_by_substr", ["surstr": "", "date_from": .string(date)])
            #expect(wrong.status == 400)
        }
    }

    @Test(
        arguments: [
            "{}", #"{"surstr":1}"#, #"{"surstr":"","size":"x"}"#, #"{"surstr":"","path_only":"x"}"#,
            #"{"surstr":"","folder_paths":"x"}"#, #"{"surstr":"","regexp":null}"#, #"{"surstr":"","not":"x"}"#,
        ]
    )
    func `a request that is wrong is told so`(body: String) async throws {
        let answer = try await server.server.post(server.base + "/db/search_by_substr", body)
        #expect(answer.status == 422)
        #expect(answer.detail?.array?.count == 1)
    }

    @Test func `under access control searches find only what may be read`() async throws {
        let narrow = try IIBServer(IIBConfiguration(rule: .folders([])))
        try narrow.picture("a.png")
        try await narrow.index.update()
        #expect(names(try await narrow.post("/db/search_by_substr", ["surstr": ""])) == [])
        #expect(try await narrow.get("/db/random_images").text == "[]")
        #expect(names(try await narrow.post("/db/match_images_by_tags")) == [])
        let wide = try IIBServer(IIBConfiguration(rule: .library))
        try wide.picture("a.png")
        try await wide.index.update()
        #expect(names(try await wide.post("/db/search_by_substr", ["surstr": ""])) == ["a.png"])
    }

    // MARK: - Tags

    /// Gives the pictures custom tags: `red` one and three, `ball` one and two; answers the tags' ids.
    private func tag() async throws -> (red: JSON, ball: JSON) {
        func make(_ name: String, _ files: [String]) async throws -> JSON {
            let tag = try await server.post("/db/add_custom_tag", ["tag_name": .string(name)]).json["id"] ?? .null
            let paths = JSON.array(files.map { .string("\(server.root)/\($0).png") })
            let body: JSON = ["img_paths": paths, "action": "add", "tag_id": tag]
            #expect(try await server.post("/db/batch_update_image_tag", body).text == "null")
            return tag
        }
        return (
            try await make("red", ["cats/one", "dogs/three"]), try await make("ball", ["cats/one", "cats/two"])
        )
    }

    private func match(_ body: JSON) async throws -> [String] {
        names(try await server.post("/db/match_images_by_tags", body)).filter { $0.hasSuffix(".png") }
    }

    @Test func `all, some and none of tags can be asked for`() async throws {
        let (red, ball) = try await tag()
        #expect(try await match(["and_tags": [red, ball]]) == ["one.png"])
        #expect(try await match(["or_tags": [red, ball]]) == ["three.png", "two.png", "one.png"])
        #expect(try await match(["and_tags": [ball], "not_tags": [red]]) == ["two.png"])
        #expect(try await match(["or_tags": [red], "folder_paths": [.string(server.root + "/cats")]]) == ["one.png"])
        #expect(try await match(["and_tags": [red, red]]) == ["three.png", "one.png"])
        #expect(try await match(["and_tags": [999_999]]) == [])
        #expect(try await match(["or_tags": [red], "min_width": 20]) == ["three.png"])
        #expect(try await server.post("/db/match_images_by_tags", ["and_tags": ["x"]]).status == 422)
    }

    @Test func `shuffled pages are parts of one order, and another first page is another order`() async throws {
        for number in 0..<40 { try server.picture("many/\(number).png") }
        _ = try await server.post("/db/update_image_data")
        let paths = JSON.array((0..<40).map { .string("\(server.root)/many/\($0).png") })
        _ = try await server.post("/db/batch_update_image_tag", ["img_paths": paths, "action": "add", "tag_id": 1])
        func shuffled() async throws -> [Int] {
            var cursor = ""
            var found: [Int] = []
            for _ in 0..<20 {
                let body: JSON = ["and_tags": [1], "random_sort": true, "size": 7, "cursor": .string(cursor)]
                let answer = try await server.post("/db/match_images_by_tags", body).json
                found += answer["files"]?.array?.compactMap { $0["id"]?.int } ?? []
                cursor = answer["cursor"]?["next"]?.string ?? ""
                guard answer["cursor"]?["has_next"] == true else { break }
            }
            return found
        }
        let first = try await shuffled()
        #expect(first.count == 40)
        #expect(Set(first).count == 40)
        #expect(try await shuffled() != first)
        let wrong = try await server.post("/db/match_images_by_tags", ["random_sort": true, "cursor": "200"])
        #expect(wrong.status == 400)
    }
}
