import GRDB
import HTTPTypes
import Testing

@testable import Domain
@testable import REST

/// Taking over the database of an older gallery (contracts/gallery.md §4).
@Suite struct GalleryMigrationRoutesTests {
    private let path = "/api/migration/migrate_legacy_db"
    private let hash = String(repeating: "a", count: 64)

    /// A server with an old database of one hashed model, one without a hash, and a picture.
    private func server() throws -> GalleryServer {
        let server = try GalleryServer(legacy: "legacy")
        try server.folder.write(TestPNG.bytes(width: 30, height: 20), to: "legacy/images/one.png")
        let old = try DatabaseQueue(path: server.folder.path + "/legacy/old.db")
        try old.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
                    CREATE TABLE model_tags (model_id INTEGER, tag_id INTEGER);
                    CREATE TABLE models (id INTEGER PRIMARY KEY, hash_hex TEXT, path TEXT, name TEXT, type TEXT,
                        size_bytes INTEGER, created_at INTEGER, extra_json TEXT);
                    INSERT INTO tags VALUES (1, 'old'); INSERT INTO model_tags VALUES (7, 1);
                    INSERT INTO models VALUES (7, '\(hash)', '/m/one.pt', 'one', 'loras', 5, 6, '{"images":["one.png"]}');
                    INSERT INTO models VALUES (9, NULL, '/m/two.pt', 'two', 'loras', 5, 6, '{}');
                    """
            )
        }
        try old.close()
        return server
    }

    @Test func `rows become models or wait under their ids, with tags and pictures`() async throws {
        let server = try server()
        let answer = try await server.post(path, ["legacy_db_path": "old.db", "legacy_images_dir": "images"])
        #expect(answer.status == 200)
        #expect(
            answer.json == [
                "status": "success",
                "db_migration": [
                    "migrated": 1, "pending": 1, "errors": 0, "images_processed": 1, "image_errors": 0,
                ],
            ]
        )
        let model = try await server.get("/api/models/\(hash)").json
        #expect(model["name"] == "one")
        #expect(model["tags"]?.array?.first?["name"] == "old")
        #expect(IIBPicture.size(try await server.get("/api/images/\(hash).webp").body) == "30x20")
        #expect(try await server.get("/api/migration/pending_model?id=9").json["name"] == "two")
    }

    @Test func `nothing is read outside of the folder, and nothing at all without one`() async throws {
        let server = try server()
        try server.folder.write("x", to: "secret.db")
        try server.folder.link("legacy/link.db", to: server.folder.path + "/secret.db")
        for name in ["../secret.db", "/etc/passwd", server.folder.path + "/secret.db", "link.db", "/no/such"] {
            let answer = try await server.post(path, ["legacy_db_path": .string(name)])
            #expect(answer.status == 403, "\(name)")
            #expect(answer.error != nil)
        }
        let pictures = try await server.post(path, ["legacy_db_path": "old.db", "legacy_images_dir": ".."])
        #expect(pictures.status == 403)
        #expect(try await GalleryServer().post(path, ["legacy_db_path": "old.db"]).status == 403)
        #expect(try await server.get("/api/models/\(hash)").status == 404)
    }

    @Test func `what is missing or no database is told`() async throws {
        let server = try server()
        for body in [[:], ["legacy_db_path": ""], ["legacy_db_path": 7]] as [JSON] {
            let answer = try await server.post(path, body)
            #expect(answer.status == 400)
            #expect(answer.error == "legacy_db_path is required")
        }
        #expect(try await server.post(path, ["legacy_db_path": "none.db"]).status == 404)
        #expect(try await server.post(path, ["legacy_db_path": "images/one.png"]).status == 400)
        #expect(try await server.post(path, ["legacy_db_path": "old.db", "legacy_images_dir": 7]).status == 400)
    }
}
