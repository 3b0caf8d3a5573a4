import HTTPTypes
import Testing

@testable import Domain
@testable import REST

/// Importing models that wait (contracts/gallery.md §3, promotion; §4).
@Suite struct GalleryImportRoutesTests {
    private let server: GalleryServer

    init() throws { server = try GalleryServer() }

    private func hash(_ text: String) -> String { ContentHash(of: Array(text.utf8))?.hex ?? "" }

    private func one(_ id: Int, _ strategy: JSON = .null) async throws -> TestServer.Answer {
        try await server.post("/api/migration/import_a_model", ["id": .int(Int64(id)), "conflict_strategy": strategy])
    }

    private func many(_ ids: JSON, _ strategy: JSON = .null) async throws -> TestServer.Answer {
        try await server.post("/api/migration/import_models", ["id": ids, "conflict_strategy": strategy])
    }

    private func waiting() async throws -> [Int]? {
        try await server.get("/api/migration/pending_models").json["models"]?.array?.compactMap { $0["id"]?.int }
    }

    // MARK: - One

    @Test func `a model is imported and waits no more`() async throws {
        let tags = try await server.tags("t")
        let id = try server.pending("a.pt", "one", meta: ["description": "d"], tags: tags)
        let answer = try await one(id)
        #expect(answer.status == 200)
        #expect(
            answer.json == [
                "status": "success", "deprecated": true, "id": .int(Int64(id)), "sha256": .string(hash("one")),
            ]
        )
        let model = try await server.get("/api/models/\(hash("one"))").json
        #expect(model["name"] == "a.pt")
        #expect(model["meta"]?["description"] == "d")
        #expect(model["tags"]?.array?.first?["name"] == "t")
        #expect(try await waiting() == [])
        let again = try await server.post("/api/migration/import_a_model", ["pending_id": .int(Int64(id))])
        #expect(again.status == 404)
        #expect(
            again.json == [
                "status": "error", "deprecated": true, "id": .int(Int64(id)), "error": "Pending model not found",
            ]
        )
    }

    @Test func `a conflict without a strategy is told and changes nothing`() async throws {
        _ = try await one(try server.pending("a.pt", "one"))
        let id = try server.pending("b.pt", "one")
        for strategy in [JSON.null, "null"] {
            let answer = try await one(id, strategy)
            #expect(answer.status == 409)
            #expect(
                answer.json == [
                    "status": "conflict", "deprecated": true, "id": .int(Int64(id)), "sha256": .string(hash("one")),
                    "pending": ["id": .int(Int64(id)), "path": .string(server.folder.path + "/models/loras/b.pt")],
                    "existing": [
                        "id": .string(hash("one")), "path": .string(server.folder.path + "/models/loras/a.pt"),
                    ],
                ]
            )
        }
        #expect(try await waiting() == [id])
        #expect(try await server.get("/api/models/\(hash("one"))").json["name"] == "a.pt")
    }

    @Test func `ignore and delete leave the model, and one of them the record`() async throws {
        _ = try await one(try server.pending("a.pt", "one"))
        let id = try server.pending("b.pt", "one")
        #expect(try await one(id, "ignore").json["status"] == "ignored")
        #expect(try await waiting() == [id])
        let deleted = try await one(id, "delete")
        #expect(deleted.status == 200)
        #expect(deleted.json["status"] == "deleted")
        #expect(deleted.json["sha256"]?.string == hash("one"))
        #expect(try await waiting() == [])
        #expect(try await server.get("/api/models/\(hash("one"))").json["name"] == "a.pt")
    }

    @Test func `override puts the new record in the model's place`() async throws {
        _ = try await one(try server.pending("a.pt", "one"))
        #expect(try await one(try server.pending("b.pt", "one"), "override").json["status"] == "success")
        #expect(try await server.get("/api/models/\(hash("one"))").json["name"] == "b.pt")
    }

    @Test func `a file that is gone is an error`() async throws {
        let id = try server.pending("a.pt", "one")
        try server.folder.remove("models/loras/a.pt")
        let answer = try await one(id)
        #expect(answer.status == 500)
        #expect(answer.json["status"] == "error")
        #expect(answer.error == "SHA256 calculation failed")
        #expect(try await waiting() == [id])
    }

    @Test func `what is no id or no strategy is refused`() async throws {
        for body in [[:], ["id": "x"], ["id": 1.5], ["id": true], ["id": .null], ["id": [1]]] as [JSON] {
            let answer = try await server.post("/api/migration/import_a_model", body)
            #expect(answer.status == 400)
            #expect(answer.error == "id is required")
        }
        for strategy in ["Override", "", 7, [:]] as [JSON] {
            for path in ["import_a_model", "import_models"] {
                let id: JSON = path == "import_models" ? [1] : 1
                let body: JSON = ["id": id, "conflict_strategy": strategy]
                let answer = try await server.post("/api/migration/\(path)", body)
                #expect(answer.status == 400)
                #expect(answer.error == "Invalid conflict_strategy")
            }
        }
    }

    // MARK: - Many

    @Test func `each of many is handled for itself, and the answer is 207`() async throws {
        let first = try server.pending("a.pt", "one")
        let second = try server.pending("b.pt", "one")
        let gone = try server.pending("c.pt", "three")
        try server.folder.remove("models/loras/c.pt")
        let fourth = try server.pending("d.pt", "four")
        let ids: JSON = [
            .int(Int64(first)), "x", .int(Int64(second)), .int(Int64(gone)), 999_999, 1.5, .string("\(fourth)"), .null,
            .int(Int64(first)),
        ]
        let answer = try await many(ids)
        #expect(answer.status == 207)
        let expected: JSON = [
            "total": 9, "success": [.int(Int64(first)), .int(Int64(fourth))],
            "conflict": [
                [
                    "pending": ["id": .int(Int64(second)), "path": .string(server.folder.path + "/models/loras/b.pt")],
                    "existing": [
                        "id": .string(hash("one")), "path": .string(server.folder.path + "/models/loras/a.pt"),
                    ],
                ]
            ],
            "ignored": [], "deleted": [],
            "failed": [
                ["id": "x", "error": "Invalid id"],
                ["id": .int(Int64(gone)), "error": "SHA256 calculation failed"],
                ["id": 999_999, "error": "Pending model not found"], ["id": 1.5, "error": "Invalid id"],
                ["id": .null, "error": "Invalid id"],
                ["id": .int(Int64(first)), "error": "Pending model not found"],
            ],
        ]
        #expect(answer.json == expected)
        let conflicting: JSON = [.int(Int64(second))]
        #expect(try await many(conflicting, "merge").json["success"] == conflicting)
    }

    @Test(arguments: ["1180591620717411303424", "-1e300", "18446744073709551615", "9223372036854775807"])
    func `an id beyond all integers is told of as it was given`(number: String) async throws {
        let text = "\"" + String(repeating: "9", count: 40) + "\""
        for id in [number, text] {
            let answer = try await server.server.post("/api/migration/import_models", #"{"id":[\#(id)]}"#)
            #expect(answer.status == 207)
            let given = try JSONParser.parse(id)
            #expect(answer.json["failed"] == [["id": given, "error": "Pending model not found"]])
        }
    }

    @Test func `ignore and delete hold without a conflict too`() async throws {
        let first = try server.pending("a.pt", "one")
        let ids: JSON = [.int(Int64(first))]
        #expect(try await many(ids, "ignore").json["ignored"] == ids)
        #expect(try await waiting() == [first])
        #expect(try await many(ids, "delete").json["deleted"] == ids)
        #expect(try await waiting() == [])
        #expect(try await server.get("/api/models/\(hash("one"))").status == 404)
        #expect(try await server.get("/api/migration/pending_model?id=\(first)").status == 404)
    }

    @Test(arguments: ["{}", #"{"id":[]}"#, #"{"id":7}"#, #"{"id":null}"#, #"{"id":{"a":1}}"#])
    func `many need a list`(body: String) async throws {
        let answer = try await server.server.post("/api/migration/import_models", body)
        #expect(answer.status == 400)
        #expect(answer.error == "id must be a non-empty array")
    }

    // MARK: - What waits

    @Test func `what waits is told whole, alone and in the list`() async throws {
        let tags = try await server.tags("t")
        let id = try server.pending("a.pt", "one", meta: ["images": ["p.png"], "description": "d"], tags: tags)
        let answer = try await server.get("/api/migration/pending_model?id=\(id)")
        #expect(answer.status == 200)
        let meta: JSON = [
            "description": "d", "community_links": "", "images": ["p.png"],
            "prompts": ["positive": "", "negative": ""],
        ]
        let expected: JSON = [
            "id": .int(Int64(id)), "sha256": "", "path": .string(server.folder.path + "/models/loras/a.pt"),
            "name": "a.pt", "type": "loras", "size_bytes": 3, "created_at": 5, "image": "p.png",
            "meta_json": .string(meta.text), "meta": meta, "tags": [["id": .int(Int64(tags[0])), "name": "t"]],
        ]
        #expect(answer.json == expected)
        #expect(try await server.get("/api/migration/pending_models").json == ["models": [expected]])
        for (query, status, text) in [
            ("", 400, "id is required"), ("?id=", 400, "id is required"), ("?id=x", 400, "id must be an integer"),
            ("?id=999", 404, "Pending model not found"),
        ] {
            let wrong = try await server.get("/api/migration/pending_model\(query)")
            #expect(wrong.status == status)
            #expect(wrong.error == text)
        }
    }
}
