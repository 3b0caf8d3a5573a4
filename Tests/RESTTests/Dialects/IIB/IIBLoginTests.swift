import Domain
import HTTPTypes
import Testing

@testable import REST

/// Who may use the dialect (contracts/iib.md, Login).
@Suite struct IIBLoginTests {
    static let tokens: [String: Role] = ["key": .operator, "see": .viewer, "w": .worker]

    private let guarded: IIBServer

    init() throws {
        guarded = try IIBServer(IIBConfiguration(enablesShutdown: false), access: AccessPolicy(tokens: Self.tokens))
    }

    private func cookie(_ token: String) -> HTTPFields {
        [.cookie: "a=b; IIB_S=\(ContentHash(of: Array((token + "_ciallo").utf8))?.hex ?? ""); c=d"]
    }

    @Test func `the cookie is the hash that the client makes`() async throws {
        // What `printf hunter2_ciallo | sha256sum` says.
        let server = try IIBServer(access: AccessPolicy(tokens: ["hunter2": .operator]))
        let hash = "f1536420a8c7bd4ac05a327741eac14264ab91e9768a7bd98b05026f12a916d7"
        #expect(try await server.get("/version", headers: [.cookie: "IIB_S=\(hash)"]).status == 200)
        #expect(try await server.get("/version", headers: [.cookie: "IIB_S=\(hash.uppercased())"]).status == 401)
        #expect(try await server.get("/version", headers: [.cookie: "IIB_S=hunter2"]).status == 401)
    }

    @Test(arguments: [nil, "IIB_S=", "IIB_S", "IIB_S=x", "iib_s=x", "", "IIB_S=x; IIB_S="] as [String?])
    func `without a valid cookie the answer is the one the client asks for the key at`(cookie: String?) async throws {
        var headers: HTTPFields = [:]
        headers[.cookie] = cookie
        for path in ["/version", "/global_setting", "/image_geninfo?path=/x", "/db/basic_info", "/image_geninfo"] {
            let answer = try await guarded.get(path, headers: headers)
            #expect(answer.status == 401)
            #expect(answer.text == #"{"detail":{"type":"secret_verification_failed"}}"#)
        }
    }

    @Test func `hello, the page and its files need no login, and no more does the end of the server`() async throws {
        #expect(try await guarded.get("/hello").status == 200)
        #expect(try await guarded.get("").status == 404)
        #expect(try await guarded.get("").text.contains("--iib-client"))
        #expect(try await guarded.get("/fe-static/a.js").text == #"{"detail":"Not Found"}"#)
        #expect(try await guarded.post("/shutdown").text == #"{"detail":"Shutdown is disabled."}"#)
    }

    @Test(arguments: tokens.keys.sorted())
    func `every token opens by its cookie, by a header and by the query`(token: String) async throws {
        #expect(try await guarded.get("/version", headers: cookie(token)).status == 200)
        #expect(try await guarded.get("/version", headers: [.authorization: "Bearer \(token)"]).status == 200)
        #expect(try await guarded.get("/version?token=\(token)").status == 200)
    }

    @Test(arguments: [("key", 400), ("see", 403), ("w", 403)])
    func `only operators change anything, and everyone may search`(token: String, status: Int) async throws {
        var headers = cookie(token)
        headers[.contentType] = "application/json"
        let path = guarded.base + "/db/batch_update_image_tag"
        let body = #"{"img_paths":[],"action":"x","tag_id":1}"#
        #expect(try await guarded.server.ask(.post, path, headers: headers, body: body).status == status)
        let search = guarded.base + "/db/search_by_substr"
        #expect(try await guarded.server.ask(.post, search, headers: headers, body: "{}").status == 422)
    }

    @Test func `the cookie opens nothing beside the dialect`() async throws {
        #expect(try await guarded.server.get("/api/tasks", headers: cookie("key")).status == 401)
        let beside = guarded.base + "x/version"
        #expect(try await guarded.server.get(beside, headers: cookie("key")).code == "not_found")
    }

    @Test func `without tokens everyone may do everything, whatever the cookie`() async throws {
        let open = try IIBServer()
        #expect(try await open.get("/version", headers: [.cookie: "IIB_S=x"]).status == 200)
        #expect(
            try await open.post("/db/batch_update_image_tag", ["img_paths": [], "action": "x", "tag_id": 1]).status
                == 400
        )
    }
}
