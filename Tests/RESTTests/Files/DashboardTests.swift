import Domain
import HTTPTypes
import Testing

@testable import REST

@Suite struct DashboardTests {
    let folder: TemporaryFolder
    let server: TestServer

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("<!doctype html>", to: "site/index.html")
        try folder.write("export {};", to: "site/app.js")
        try folder.write("body {}", to: "site/styles/base.css")
        try folder.write("<svg/>", to: "site/favicon.svg")
        try folder.write("b", to: "site/a b.txt")
        try folder.write("hidden", to: "site/.hidden")
        try folder.write("secret", to: "secret.txt")
        try folder.link("site/link.txt", to: folder.path + "/secret.txt")
        try folder.link("site/inner.css", to: folder.path + "/site/styles/base.css")
        server = TestServer(access: AccessPolicy(tokens: ["a": .admin]), dashboard: folder.path + "/site")
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/index.html", "text/html; charset=utf-8", "<!doctype html>"),
        ("/app.js", "text/javascript; charset=utf-8", "export {};"),
        ("/app.js?v=1", "text/javascript; charset=utf-8", "export {};"),
        ("/styles/base.css", "text/css; charset=utf-8", "body {}"), ("/favicon.svg", "image/svg+xml", "<svg/>"),
        ("/a%20b.txt", "text/plain; charset=utf-8", "b"), ("/inner.css", "text/css; charset=utf-8", "body {}"),
    ])
    func `a file is served without a token, with its type and a strict policy`(
        path: String,
        type: String,
        text: String
    ) async throws {
        let answer = try await server.get(path)
        #expect(answer.status == 200)
        #expect(answer.text == text)
        #expect(answer.headers[.contentType] == type)
        #expect(answer.headers[.contentTypeOptions] == "nosniff")
        let policy = try #require(answer.headers[.contentSecurityPolicy])
        for rule in [
            "default-src 'self'", "connect-src 'self' ws: wss:", "script-src 'self'", "frame-ancestors 'none'",
        ] {
            #expect(policy.contains(rule))
        }
    }

    @Test func `a file the client has is answered 304 until it changes`() async throws {
        let tag = try #require(try await server.get("/app.js").headers[.eTag])
        let again = try await server.get("/app.js", headers: [.ifNoneMatch: tag])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        #expect(again.headers[.contentLength] == nil)
        try folder.write("export { changed };", to: "site/app.js")
        let changed = try await server.get("/app.js", headers: [.ifNoneMatch: tag])
        #expect(changed.status == 200)
        #expect(changed.text == "export { changed };")
    }

    @Test func `a HEAD has the length and no body`() async throws {
        let answer = try await server.ask(.head, "/app.js")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentLength] == "10")
        #expect(answer.body.isEmpty)
    }

    @Test(arguments: [
        "/secret.txt", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/styles/../../secret.txt",
        "/link.txt",
        "/.hidden", "/styles", "/styles/", "/nope.js", "/%00", "/app.js%00", "/%ff", "/..\\secret.txt", "//etc/passwd",
    ])
    func `nothing outside the folder, hidden or missing is served`(path: String) async throws {
        let answer = try await server.get(path)
        #expect(answer.status == 404)
        #expect(!answer.text.contains("secret"))
        #expect(!answer.text.contains("root:"))
    }

    @Test func `files are not served for other methods`() async throws {
        #expect(try await server.ask(.post, "/app.js", headers: [.authorization: "Bearer a"]).status == 404)
    }

    @Test func `no file hides a route`() async throws {
        try folder.write("fake", to: "site/healthz")
        try folder.write("fake", to: "site/api/tasks")
        #expect(try await server.get("/healthz").json["status"] == "ok")
        #expect(try await server.get("/api/tasks").status == 401)
        #expect(try await server.get("/api/other").status == 401)
    }
}
