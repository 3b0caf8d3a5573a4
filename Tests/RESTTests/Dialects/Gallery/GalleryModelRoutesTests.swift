import HTTPTypes
import OrderedCollections
import Testing

@testable import Domain
@testable import REST

/// `/api/models` (contracts/gallery.md §3).
@Suite struct GalleryModelRoutesTests {
    private let server: GalleryServer

    init() throws { server = try GalleryServer() }

    private func names(_ query: String) async throws -> [String]? {
        try await server.get("/api/models?\(query)").json["models"]?.array?.compactMap { $0["name"]?.string }
    }

    @Test func `a type is required`() async throws {
        for path in ["/api/models", "/api/models?type="] {
            let answer = try await server.get(path)
            #expect(answer.status == 400)
            #expect(answer.error == "type parameter is required")
        }
    }

    @Test func `the models of a type are listed with all keys, by name, then by hash`() async throws {
        let tags = try await server.tags("b", "a")
        try server.model("2", name: "beta")
        try server.model("3", name: "beta")
        try server.model("1", name: "alpha", path: "/m/a.pt", tags: tags)
        try server.model("4", name: "other", type: "checkpoints")
        let answer = try await server.get("/api/models?type=loras")
        #expect(answer.status == 200)
        let models = try #require(answer.json["models"]?.array)
        #expect(models.compactMap { $0["sha256"]?.string?.first } == ["1", "2", "3"])
        let expected: JSON = [
            "sha256": .string(String(repeating: "1", count: 64)), "name": "alpha", "type": "loras", "path": "/m/a.pt",
            "size_bytes": 7, "created_at": 1000, "images_count": 0,
            "tags": [
                ["id": .int(Int64(tags[1])), "name": "a"], ["id": .int(Int64(tags[0])), "name": "b"],
            ],
        ]
        #expect(models[0] == expected)
        #expect(answer.json.object?.keys.elementsEqual(["models"]) == true)
    }

    @Test func `others are the models of no, an empty and an unknown type, in any case of the word`() async throws {
        try server.model("1", name: "none", type: nil)
        try server.model("2", name: "empty", type: "")
        try server.model("3", name: "unknown", type: "Loras")
        try server.model("4", name: "known")
        for word in ["others", "OTHERS", "Others"] {
            #expect(try await names("type=\(word)") == ["empty", "none", "unknown"])
        }
        #expect(try await names("type=other") == [])
        #expect(try await names("type=Loras") == ["unknown"])
    }

    @Test func `a model without a name is listed under that of its file`() async throws {
        try server.model("1", name: nil, path: "/m/deep/file.safetensors")
        try server.model("2", name: "", path: "/m/empty.pt")
        #expect(try await names("type=loras")?.sorted() == ["empty.pt", "file.safetensors"])
    }

    @Test func `more tags may be asked for than an expression has room for`() async throws {
        let tags = try await server.tags("x", "y")
        try server.model("1", name: "both", tags: tags)
        try server.model("2", name: "one", tags: [tags[0]])
        #expect(try await names("type=loras&tags=\(tags[0]),\(tags[1]),\(tags[0])") == ["both"])
        #expect(try await names("type=loras&tags=" + (1...3_000).map(String.init).joined(separator: ",")) == [])
    }

    @Test func `a record whose path is not absolute may be sent back whole`() async throws {
        for (digit, path) in [("1", "C:\\models\\x.safetensors"), ("2", "models/x.pt"), ("3", "")]
            as [(Character, String)]
        {
            let hash = try server.model(digit, path: path)
            let record = try await server.get("/api/models/\(hash)").json
            let answer = try await server.send(.patch, "/api/models/\(hash)", record)
            #expect(answer.status == 200 && answer.json == record, "\(path)")
            let other = try await server.send(.patch, "/api/models/\(hash)", ["path": "x/y"])
            #expect(other.status == 400)
        }
    }

    @Test func `text, tags and bounds narrow the list, and bring the total`() async throws {
        let tags = try await server.tags("x", "y")
        try server.model("1", name: "Red Dragon", tags: tags)
        try server.model("2", name: "red house", tags: [tags[0]])
        try server.model("3", name: "blue")
        #expect(try await names("type=loras&q=RED") == ["Red Dragon", "red house"])
        #expect(try await names("type=loras&tags=\(tags[0]),\(tags[1])") == ["Red Dragon"])
        #expect(try await names("type=loras&exclude_tags=\(tags[1])")?.sorted() == ["blue", "red house"])
        let page = try await server.get("/api/models?type=loras&limit=1&offset=1").json
        #expect(page["models"]?.array?.count == 1)
        #expect(page["total"] == 3)
        for bad in ["limit=x", "limit=-1", "offset=", "tags=1,x", "exclude_tags=-"] {
            #expect(try await server.get("/api/models?type=loras&\(bad)").status == 400)
        }
    }

    @Test func `the types come in their order, and their path is no model's`() async throws {
        let answer = try await server.get("/api/models/get_types")
        #expect(answer.text == #"{"types":["checkpoints","loras"]}"#)
    }

    @Test func `a model is answered whole, with meta_json as a text and the object beside it`() async throws {
        let tags = try await server.tags("x")
        let hash = try server.model(
            "a",
            name: "n",
            path: "/m/n.pt",
            meta: ["description": "d", "own": [1]],
            tags: tags
        )
        let answer = try await server.get("/api/models/\(hash.uppercased())")
        #expect(answer.status == 200)
        let meta: JSON = [
            "description": "d", "community_links": "", "images_count": 0,
            "prompts": ["positive": "", "negative": ""], "own": [1],
        ]
        let expected: JSON = [
            "sha256": .string(hash), "path": "/m/n.pt", "name": "n", "type": "loras", "size_bytes": 7,
            "created_at": 1000, "meta_json": .string(meta.text), "meta": meta,
            "tags": [["id": .int(Int64(tags[0])), "name": "x"]],
        ]
        #expect(answer.json == expected)
    }

    @Test func `meta_json is an object when that is set`() async throws {
        let server = try GalleryServer(GalleryConfiguration(metaForm: .object))
        let hash = try server.model("a", meta: ["description": "d"])
        let model = try await server.get("/api/models/\(hash)").json
        #expect(model["meta_json"]?["description"] == "d")
        #expect(model["meta_json"] == model["meta"])
    }

    @Test(arguments: [
        "a", "get_type", String(repeating: "g", count: 64), String(repeating: "b", count: 64), "..%2f..%2fx",
    ])
    func `what is no model's hash is not found`(hash: String) async throws {
        try server.model("a")
        for method in [HTTPRequest.Method.get, .patch] {
            let answer = try await server.send(method, "/api/models/\(hash)", method == .patch ? ["name": "x"] : nil)
            #expect(answer.status == 404)
            #expect(answer.text == #"{"error":"Model not found"}"#)
        }
    }

    // MARK: - PATCH

    @Test func `what is given is changed and the rest stays; the answer is the model as it is then`() async throws {
        let tags = try await server.tags("x", "y", "z")
        let hash = try server.model("a", name: "old", meta: ["description": "d"], tags: [tags[0]])
        let path = "/api/models/\(hash)"
        let named = try await server.send(.patch, path, ["name": "new"])
        #expect(named.status == 200)
        #expect(named.json["name"] == "new")
        #expect(named.json["meta"]?["description"] == "d")
        #expect(named.json["tags"]?.array?.count == 1)
        #expect(try await server.get(path).json == named.json)
        let tagged = try await server.send(
            .patch,
            path,
            [
                "tags": [
                    .int(Int64(tags[2])), ["id": .int(Int64(tags[1]))], .string("\(tags[1])"), "word", .null, true, 1.5,
                ]
            ]
        )
        #expect(tagged.json["tags"]?.array?.compactMap { $0["name"]?.string } == ["y", "z"])
        #expect(try await server.send(.patch, path, ["tags": []]).json["tags"] == [])
        #expect(try await server.send(.patch, path, ["type": .null]).json["type"] == nil)
        #expect(try await server.send(.patch, path, ["type": "checkpoints"]).json["type"] == "checkpoints")
        #expect(try await server.send(.patch, path, [:]).json["name"] == "new")
    }

    @Test func `meta_json is taken as a text and as an object, and replaces all of it`() async throws {
        let hash = try server.model("a", meta: ["description": "d", "own": 1])
        let path = "/api/models/\(hash)"
        let text = try await server.send(.patch, path, ["meta_json": #"{"description":"t","images_count":99}"#])
        #expect(text.json["meta"]?["description"] == "t")
        #expect(text.json["meta"]?["images_count"] == 0)
        #expect(text.json["meta"]?["own"] == nil)
        let object = try await server.send(.patch, path, ["meta_json": ["own": 2], "meta": ["own": 3]])
        #expect(object.json["meta"]?["own"] == 2)
        #expect(object.json["meta"]?["description"] == "")
        #expect(try await server.send(.patch, path, ["meta": ["own": 3]]).json["meta"]?["own"] == 3)
        #expect(try await server.send(.patch, path, ["meta_json": ""]).json["meta"]?["own"] == nil)
    }

    @Test func `a record that is sent back whole changes nothing`() async throws {
        let tags = try await server.tags("x")
        let hash = try server.model("a", meta: ["description": "d"], tags: tags)
        let record = try await server.get("/api/models/\(hash)").json
        #expect(try await server.send(.patch, "/api/models/\(hash)", record).json == record)
    }

    @Test func `what cannot be is refused, and nothing of it is changed`() async throws {
        let tags = try await server.tags("x")
        let hash = try server.model("a", name: "n", tags: tags)
        let path = "/api/models/\(hash)"
        let before = try await server.get(path).json
        let bodies: [(JSON, String)] = [
            (["name": 7], "name must be a string"), (["type": []], "type must be a string"),
            (["tags": "x"], "tags must be a list of IDs"), (["tags": .null], "tags must be a list of IDs"),
            (["meta_json": "{"], "meta_json must be a JSON object"),
            (["meta_json": [1]], "meta_json must be a JSON object"),
            (["meta_json": "[1]"], "meta_json must be a JSON object"),
            (["path": "x/y"], "path must be an absolute path"),
            (["name": "new", "tags": [999_999]], "Unknown tag id 999999"),
            (["name": "new", "tags": [.double(0x1p63)]], "Unknown tag id \(Int.max)"),
            (["name": "new", "tags": [["id": .double(-1e30)]]], "Unknown tag id \(Int.min)"),
        ]
        for (body, text) in bodies {
            let answer = try await server.send(.patch, path, body)
            #expect(answer.status == 400)
            #expect(answer.error == text)
        }
        #expect(try await server.get(path).json == before)
    }
}
