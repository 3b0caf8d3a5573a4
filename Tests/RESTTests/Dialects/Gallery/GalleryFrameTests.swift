import Domain
import HTTPTypes
import Testing

@testable import REST

/// What holds for every path of the gallery's dialect (contracts/gallery.md §1).
@Suite struct GalleryFrameTests {
    static let methods = "GET, POST, DELETE, PUT, PATCH, OPTIONS"

    @Test func `hello is answered, also without a token, and by HEAD without its body`() async throws {
        let server = try GalleryServer(access: AccessPolicy(tokens: ["t": .viewer]))
        let answer = try await server.get("/api/hello")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"status":"ok"}"#)
        let head = try await server.send(.head, "/api/hello")
        #expect(head.status == 200)
        #expect(head.body == [])
    }

    @Test func `every answer has the contract's cross-origin headers`() async throws {
        let server = try GalleryServer()
        for (path, status) in [("/api/hello", 200), ("/api/models", 400), ("/api/images/x.webp", 404)] {
            let answer = try await server.get(path)
            #expect(answer.status == status)
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            #expect(answer.headers[.accessControlAllowMethods] == Self.methods)
            #expect(answer.headers[.accessControlAllowHeaders] == "Content-Type, Authorization")
            #expect(answer.headers[.vary] == "Origin")
        }
        #expect(try await server.get("/api/tasks").headers[.accessControlAllowOrigin] == nil)
    }

    @Test func `OPTIONS is answered 200 without a body and without a token`() async throws {
        let server = try GalleryServer(access: AccessPolicy(tokens: ["t": .viewer], origins: ["https://ok.example"]))
        let path = "/api/models/" + String(repeating: "a", count: 64)
        let answer = try await server.send(.options, path)
        #expect(answer.status == 200)
        #expect(answer.body == [])
        #expect(answer.headers[.accessControlAllowOrigin] == "*")
        #expect(answer.headers[.accessControlAllowMethods] == Self.methods)
        let headers: HTTPFields = [.origin: "https://ok.example", .accessControlRequestMethod: "PATCH"]
        let preflight = try await server.server.ask(.options, path, headers: headers)
        #expect(preflight.status == 200)
        #expect(preflight.headers[.accessControlAllowOrigin] == "https://ok.example")
    }

    @Test(arguments: ["https://evil.example", "null"])
    func `a page of a foreign origin is refused and may not read why`(origin: String) async throws {
        let server = try GalleryServer()
        for method in [HTTPRequest.Method.get, .post, .options] {
            let answer = try await server.server.ask(method, "/api/tags_add", headers: [.origin: origin])
            #expect(answer.status == 403)
            #expect(answer.error?.contains("origin") == true)
            #expect(answer.headers[.accessControlAllowOrigin] == nil)
        }
        #expect(try await server.server.ask(.options, "/api/tags", host: "evil.example").status == 403)
    }

    @Test func `a page of the server's own origin, or of an allowed one, is served`() async throws {
        let server = try GalleryServer(access: AccessPolicy(origins: ["https://ok.example"]))
        let own = try await server.get("/api/hello", headers: [.origin: "http://localhost:8188"])
        #expect(own.headers[.accessControlAllowOrigin] == "*")
        let other = try await server.get("/api/hello", headers: [.origin: "https://ok.example"])
        #expect(other.headers[.accessControlAllowOrigin] == "https://ok.example")
    }

    @Test func `errors have the dialect's form, whatever they are of`() async throws {
        let server = try GalleryServer(limits: HTTPLimits(jsonBytes: 64))
        let unknown = try await server.get("/api/migration/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.text == #"{"error":"not found"}"#)
        let wrong = try await server.post("/api/models")
        #expect(wrong.status == 405)
        #expect(wrong.headers[.allow] == "GET, HEAD")
        // Two routes have the path, and each method is named once.
        let picture = try await server.send(.put, "/api/images/\(String(repeating: "a", count: 64)).webp")
        #expect(picture.status == 405 && picture.headers[.allow] == "GET, HEAD")
        #expect(wrong.error != nil)
        let long = try await server.post("/api/tags_add", ["newtags": [.string(String(repeating: "x", count: 64))]])
        #expect(long.status == 413)
        #expect(long.error != nil)
        let guarded = try GalleryServer(access: AccessPolicy(tokens: ["t": .viewer]))
        let refused = try await guarded.get("/api/models?type=loras")
        #expect(refused.status == 401)
        #expect(refused.error != nil)
        // Beside the dialect's paths nothing changes.
        #expect(try await server.get("/api/models2").code == "not_found")
        #expect(try await server.get("/api/tagsx").code == "not_found")
    }

    @Test func `a viewer reads and changes nothing`() async throws {
        let server = try GalleryServer(access: AccessPolicy(tokens: ["v": .viewer, "o": .operator]))
        let hash = String(repeating: "a", count: 64)
        let changing: [(HTTPRequest.Method, String)] = [
            (.patch, "/api/models/\(hash)"), (.post, "/api/models/scan"), (.get, "/api/scan"), (.post, "/api/tags_add"),
            (.post, "/api/images/upload"), (.delete, "/api/images/delete?sha256=\(hash)&seq=0"),
            (.post, "/api/migration/import_models"), (.post, "/api/migration/import_a_model"),
            (.post, "/api/migration/migrate_legacy_db"),
        ]
        for (method, path) in changing {
            let answer = try await server.server.ask(method, path, headers: [.authorization: "Bearer v"])
            #expect(answer.status == 403, "\(method) \(path)")
            let other = try await server.server.ask(method, path, headers: [.authorization: "Bearer o"], body: "[]")
            #expect(other.status != 403, "\(method) \(path)")
        }
        let reading: [(HTTPRequest.Method, String, String?)] = [
            (.get, "/api/models?type=loras", nil), (.get, "/api/tags", nil),
            (.get, "/api/migration/pending_models", nil), (.get, "/api/images/get_img_num?sha256=\(hash)", nil),
            (.post, "/api/images/get_sample_imgs", #"{"sha256":"\#(hash)"}"#),
        ]
        for (method, path, body) in reading {
            let answer = try await server.server.ask(method, path, headers: [.authorization: "Bearer v"], body: body)
            #expect(answer.status == 200, "\(method) \(path)")
        }
    }

    @Test(arguments: ["", "{", "[]", "7", "{\"a\":1} x", String(repeating: "[", count: 5000)])
    func `a body that is no JSON object is refused in the contract's words`(body: String) async throws {
        let server = try GalleryServer()
        let hash = try server.model("a")
        for (method, path) in [
            (HTTPRequest.Method.patch, "/api/models/\(hash)"), (.post, "/api/tags_add"),
            (.post, "/api/images/get_sample_imgs"), (.post, "/api/migration/import_models"),
        ] {
            let answer = try await server.server.ask(method, path, body: body)
            #expect(answer.status == 400)
            #expect(answer.text == #"{"error":"Invalid JSON body"}"#)
        }
    }
}
