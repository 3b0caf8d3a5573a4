import GRDB
import OrderedCollections
import Testing

@testable import Domain
@testable import REST

/// `/api/tags_add`, and `/api/tags` in both of its readings (contracts/gallery.md §3, contracts/comfy-assets.md §7.1).
@Suite struct GalleryTagRoutesTests {
    private let server: GalleryServer

    init() throws { server = try GalleryServer() }

    /// Three words and no others: `beta` of two models, `Alpha` of one, `gamma` of none and there from the start.
    private func words() async throws -> [Int] {
        try await server.store.pool.write { try $0.execute(sql: "DELETE FROM word") }
        let ids = try await server.tags("beta", "Alpha", "gamma")
        try server.model("1", tags: [ids[0], ids[1]])
        try server.model("2", tags: [ids[0]])
        try await server.store.pool.write {
            try $0.execute(sql: "UPDATE word SET system = 1 WHERE id = ?", arguments: [ids[2]])
        }
        return ids
    }

    private func names(_ query: String) async throws -> [String]? {
        try await server.get("/api/tags?\(query)").json["tags"]?.array?.compactMap { $0["name"]?.string }
    }

    @Test func `without parameters all tags come by name with id, count and type`() async throws {
        let ids = try await words()
        let expected: JSON = [
            "tags": [
                ["id": .int(Int64(ids[1])), "name": "Alpha", "count": 1, "type": "user"],
                ["id": .int(Int64(ids[0])), "name": "beta", "count": 2, "type": "user"],
                ["id": .int(Int64(ids[2])), "name": "gamma", "count": 0, "type": "system"],
            ],
            "total": 3, "has_more": false,
        ]
        for path in ["/api/tags", "/api/tags?", "/api/tags?token=x&search=y"] {
            #expect(try await server.get(path).json == expected)
        }
    }

    @Test func `any parameter of the assets API brings its defaults: by use, a page of 100, without ids`() async throws
    {
        _ = try await words()
        let expected: JSON = [
            "tags": [
                ["name": "beta", "count": 2, "type": "user"], ["name": "Alpha", "count": 1, "type": "user"],
                ["name": "gamma", "count": 0, "type": "system"],
            ],
            "total": 3, "has_more": false,
        ]
        for query in ["include_public=true", "order=count_desc", "offset=0", "limit=100", "include_zero=YES"] {
            #expect(try await server.get("/api/tags?\(query)").json == expected, "\(query)")
        }
        _ = try await server.gallery.addWords((0..<120).map { "word\($0)" })
        let page = try await server.get("/api/tags?include_public=1").json
        #expect(page["tags"]?.array?.count == 100)
        #expect(page["total"] == 123)
        #expect(page["has_more"] == true)
        #expect(try await server.get("/api/tags").json["tags"]?.array?.count == 123)
    }

    @Test func `an empty gallery has the system tags of the assets API, in both readings`() async throws {
        let names = [
            "checkpoints", "classifiers", "clip_vision", "configs", "controlnet", "decoder", "diffusers",
            "diffusion_models", "embeddings", "encoder", "gligen", "hypernetworks", "input", "loras", "missing",
            "models", "output", "photomaker", "rescan", "style_models", "text_encoders", "upscale_models", "vae",
            "vae_approx",
        ]
        let page: JSON = [
            "tags": .array(names.map { ["name": .string($0), "count": 0, "type": "system"] }),
            "total": 24, "has_more": false,
        ]
        #expect(try await server.get("/api/tags?include_public=true").json == page)
        let all = try await server.get("/api/tags").json
        #expect(all["tags"]?.array?.compactMap { $0["name"]?.string } == names)
        #expect(Set(all["tags"]?.array?.compactMap { $0["id"]?.int } ?? []).count == 24)
        #expect(all["total"] == 24)
        #expect(try await self.names("include_zero=false") == [])
        #expect(try await self.names("prefix=VA") == ["vae", "vae_approx"])
        // One that a model gets is the same tag.
        let loras = try await server.tags("loras")
        try server.model("1", tags: loras)
        let used: JSON = ["tags": [["name": "loras", "count": 1, "type": "system"]], "total": 1, "has_more": false]
        #expect(try await server.get("/api/tags?include_zero=false").json == used)
    }

    @Test func `order, bounds, prefix and use narrow the page; the total heeds prefix and use`() async throws {
        _ = try await words()
        #expect(try await names("order=name_asc") == ["Alpha", "beta", "gamma"])
        #expect(try await names("order=name_asc&limit=1&offset=1") == ["beta"])
        #expect(try await names("offset=10000000") == [])
        #expect(try await names("include_zero=0") == ["beta", "Alpha"])
        #expect(try await names("prefix=AL") == ["Alpha"])
        #expect(try await names("prefix=%20be%20") == ["beta"])
        for literal in ["%25", "_", "%25eta", "a_pha"] { #expect(try await names("prefix=\(literal)") == []) }
        let page = try await server.get("/api/tags?include_zero=off&limit=1").json
        #expect(page["total"] == 2)
        #expect(page["has_more"] == true)
        #expect(try await server.get("/api/tags?prefix=zzz").json == ["tags": [], "total": 0, "has_more": false])
    }

    @Test(arguments: [
        "limit=0", "limit=1001", "limit=x", "limit=1.0", "limit=", "limit=%2B1", "offset=-1", "offset=10000001",
        "prefix=", "prefix=%20%09", "prefix=" + String(repeating: "x", count: 257), "order=COUNT_DESC", "order=",
        "include_zero=maybe", "include_public=2", "limit=1&limit=2", "prefix=a&prefix=b",
        "limit=99999999999999999999",
    ])
    func `what breaks a rule is told in the form of the assets API`(query: String) async throws {
        let answer = try await server.get("/api/tags?\(query)")
        #expect(answer.status == 400)
        let error = try #require(answer.json["error"])
        #expect(error["code"] == "INVALID_QUERY")
        #expect(answer.json["code"] == "INVALID_QUERY")
        #expect(error["message"] == answer.json["message"])
        let fault = try #require(error["details"]?["errors"]?.array?.first)
        #expect(fault["loc"] == [.string(String(query.prefix { $0 != "=" }))])
        for key in ["type", "msg", "input"] { #expect(fault.object?[key] != nil) }
    }

    @Test func `numbers may have blanks around them, and longest prefixes are fine`() async throws {
        _ = try await words()
        #expect(try await names("limit=%201%20&order=name_asc") == ["Alpha"])
        #expect(try await server.get("/api/tags?prefix=" + String(repeating: "x", count: 256)).status == 200)
    }

    @Test func `tags are made once and answered in the order of their names`() async throws {
        let known = try await server.tags("known")
        let body: JSON = ["newtags": [" new ", "known", "", "  ", 7, .null, ["x"], "new", "Known"]]
        let answer = try await server.post("/api/tags_add", body)
        #expect(answer.status == 200)
        let tags = try #require(answer.json["tags"]?.array)
        #expect(tags.compactMap { $0["name"]?.string } == ["new", "known", "new", "Known"])
        #expect(tags[0] == tags[2])
        #expect(tags[1]["id"]?.int == known[0])
        #expect(tags[0].object?.keys.elementsEqual(["id", "name"]) == true)
        #expect(try await server.post("/api/tags_add", body).json == answer.json)
        #expect(try await server.post("/api/tags_add", ["newtags": []]).text == #"{"tags":[]}"#)
    }

    @Test(arguments: ["{}", #"{"newtags":null}"#, #"{"newtags":"x"}"#, #"{"newtags":{}}"#])
    func `newtags must be a list`(body: String) async throws {
        let answer = try await server.server.post("/api/tags_add", body)
        #expect(answer.status == 400)
        #expect(answer.error == "newtags must be a list")
    }
}
