import Domain
import OrderedCollections
import Testing

@testable import REST

/// The tags that people give (contracts/iib.md §5).
@Suite struct IIBTagRoutesTests {
    private let server: IIBServer
    private let path: String

    init() async throws {
        server = try IIBServer()
        path = try server.picture("a.png")
        try await server.index.update()
    }

    private func add(_ name: String) async throws -> TestServer.Answer {
        try await server.post("/db/add_custom_tag", ["tag_name": .string(name)])
    }

    private func tags(_ path: String) async throws -> [Int] {
        try await server.get("/db/img_selected_custom_tag", ["path": path]).json.array?.compactMap { $0["id"]?.int }
            ?? []
    }

    @Test func `a tag is made once, as it is written`() async throws {
        let made = try await add(" sunset ")
        #expect(made.status == 200)
        #expect(made.json["name"] == " sunset ")
        #expect(made.json["type"] == "custom")
        #expect(made.json["score"] == 0)
        #expect(try await add(" sunset ").json == made.json)
        #expect(try await add("sunset").json["id"] != made.json["id"])
    }

    @Test(arguments: ["", "a b c d e f g h i jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj", "一二三四五六七八九十一二三"])
    func `a name that is none is refused`(name: String) async throws {
        let answer = try await add(name)
        #expect(answer.status == 400)
        #expect(answer.text == #"{"detail":"Invalid tag name"}"#)
    }

    @Test func `a tag is given and taken away in turn`() async throws {
        let body: JSON = ["img_path": .string(path), "tag_id": 1]
        #expect(try await server.post("/db/toggle_custom_tag_to_img", body).text == #"{"is_remove":0}"#)
        #expect(try await tags(path) == [1])
        #expect(try await server.post("/db/toggle_custom_tag_to_img", body).text == #"{"is_remove":1}"#)
        #expect(try await tags(path) == [])
    }

    @Test func `a file that the index does not know yet is taken in`() async throws {
        let new = try server.picture("new/b.png")
        #expect(try await tags(new) == [])
        let newer = try server.picture("new/c.png")
        let body: JSON = ["img_path": .string(newer), "tag_id": 1]
        #expect(try await server.post("/db/toggle_custom_tag_to_img", body).text == #"{"is_remove":0}"#)
        #expect(try await tags(newer) == [1])
    }

    @Test func `what cannot be tagged is told why`() async throws {
        try server.folder.write("x", to: "outside.png")
        func toggle(_ path: String, _ tag: Int = 1, on server: IIBServer) async throws -> TestServer.Answer {
            try await server.post(
                "/db/toggle_custom_tag_to_img",
                ["img_path": .string(path), "tag_id": .int(Int64(tag))]
            )
        }
        let outside = try await toggle(server.folder.path + "/outside.png", on: server)
        #expect(outside.status == 400)
        #expect(outside.detail?.string?.hasPrefix("The current file is not within the scan path.") == true)
        #expect(try await toggle(server.root + "/none.png", on: server).status == 404)
        #expect(try await toggle(path, 999_999, on: server).status == 404)
        let chinese = try IIBServer(IIBConfiguration(language: .chinese))
        try chinese.folder.write("x", to: "outside.png")
        let detail = try await toggle(chinese.folder.path + "/outside.png", on: chinese).detail?.string
        #expect(detail?.contains("扫描路径") == true || detail?.contains("索引") == true)
    }

    @Test func `many files are tagged together or not at all`() async throws {
        let other = try server.picture("b.png")
        func set(_ paths: [String], _ action: String) async throws -> TestServer.Answer {
            let paths = JSON.array(paths.map { .string($0) })
            return try await server.post(
                "/db/batch_update_image_tag",
                ["img_paths": paths, "action": .string(action), "tag_id": 1]
            )
        }
        #expect(try await set([path, server.root + "/none.png"], "add").status == 404)
        #expect(try await tags(path) == [])
        #expect(try await set([path, other, path], "add").text == "null")
        #expect(try await tags(path) == [1])
        #expect(try await tags(other) == [1])
        #expect(try await set([path], "remove").text == "null")
        #expect(try await tags(path) == [])
        #expect(try await set([path], "drop").status == 400)
        #expect(try await set([], "add").text == "null")
    }

    @Test func `files that only have a picture's name are tagged like the others`() async throws {
        try server.folder.write("", to: "library/empty.jpg")
        try server.folder.write("no picture", to: "library/text.png")
        let broken = [server.root + "/empty.jpg", server.root + "/text.png"]
        let paths = JSON.array(([path] + broken).map { .string($0) })
        let body: JSON = ["img_paths": paths, "action": "add", "tag_id": 1]
        #expect(try await server.post("/db/batch_update_image_tag", body).text == "null")
        for path in broken { #expect(try await tags(path) == [1]) }
        let toggle: JSON = ["img_path": .string(broken[0]), "tag_id": 1]
        #expect(try await server.post("/db/toggle_custom_tag_to_img", toggle).text == #"{"is_remove":1}"#)
        let found = try await server.post("/db/search_by_substr", ["surstr": "text.png"]).json["files"]?.array
        #expect(found?.first?["fullpath"]?.string == broken[1] && found?.count == 1)
    }

    @Test func `the tags of many files leave out those without`() async throws {
        let other = try server.picture("b.png")
        _ = try await server.post("/db/toggle_custom_tag_to_img", ["img_path": .string(path), "tag_id": 1])
        let body: JSON = ["paths": [.string(path), .string(other), .string(server.root + "/none.png"), .string(path)]]
        let answer = try await server.post("/db/get_image_tags", body).json
        #expect(answer.object?.count == 1)
        #expect(answer[path]?.array?.first?["name"] == "like")
        #expect(try await server.post("/db/get_image_tags", ["paths": []]).text == "{}")
    }

    @Test func `what is no medium has no tags, nor has what lies outside or is not there`() async throws {
        try server.folder.write("x", to: "library/a.md")
        for path in [server.root + "/a.md", server.root + "/none.png", server.folder.path + "/x.png"] {
            #expect(try await server.get("/db/img_selected_custom_tag", ["path": path]).text == "[]")
        }
    }

    @Test func `a tag is coloured and removed, and unknown ids do nothing`() async throws {
        let tag = try await add("x").json["id"] ?? .null
        #expect(try await server.post("/db/update_tag", ["id": tag, "color": "anything", "name": "y"]).text == "null")
        #expect(try await add("x").json["color"] == "anything")
        _ = try await server.post("/db/toggle_custom_tag_to_img", ["img_path": .string(path), "tag_id": tag])
        #expect(try await server.post("/db/remove_custom_tag", ["tag_id": tag]).text == "null")
        #expect(try await tags(path) == [])
        #expect(try await server.post("/db/remove_custom_tag", ["tag_id": 999_999]).text == "null")
        #expect(try await server.post("/db/update_tag", ["id": 999_999, "color": "x"]).text == "null")
    }

    @Test func `a tag is given and taken by the id of a file, the ids being numbers or texts`() async throws {
        let media = try await server.get("/db/random_images").json.array
        let id = try #require(media?.first?["id"]?.int)
        let forms: [JSON] = [["img_id": .int(Int64(id)), "tag_id": 1], ["img_id": .string("\(id)"), "tag_id": "1"]]
        for body in forms {
            #expect(try await server.post("/db/add_custom_tag_from_img", body).text == "null")
            #expect(try await tags(path) == [1])
            #expect(try await server.post("/db/remove_custom_tag_from_img", body).text == "null")
            #expect(try await tags(path) == [])
        }
        #expect(try await server.post("/db/add_custom_tag_from_img", ["img_id": 999_999, "tag_id": 1]).text == "null")
        #expect(
            try await server.post("/db/remove_custom_tag_from_img", ["img_id": 999_999, "tag_id": 1]).text == "null"
        )
        #expect(try await server.post("/db/remove_custom_tag_from_img", ["img_id": "x", "tag_id": 1]).status == 422)
    }
}
