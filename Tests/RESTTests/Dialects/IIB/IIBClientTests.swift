import Domain
import HTTPTypes
import Testing

@testable import REST

/// The web client's own files (contracts/iib.md, Beyond the seed).
@Suite struct IIBClientTests {
    private let client: TemporaryFolder

    init() throws {
        client = try TemporaryFolder()
        try client.write(
            #"<script src="/infinite_image_browsing/fe-static/assets/a.js"></script>"#,
            to: "dist/index.html"
        )
        try client.write("let a = 1", to: "dist/assets/a.js")
        try client.write("hush", to: "secret.txt")
        try client.write("hush", to: "dist/.env")
        try client.link("dist/out.txt", to: client.path + "/secret.txt")
        try client.link("dist/in.js", to: client.path + "/dist/assets/a.js")
    }

    private func server(base: String = "/infinite_image_browsing") throws -> IIBServer {
        try IIBServer(IIBConfiguration(base: base, clientFolder: client.path + "/dist"))
    }

    @Test(arguments: ["", "/"])
    func `the page is served at the base, with and without a slash, and at the root`(path: String) async throws {
        let server = try server()
        let page = try await server.get(path)
        #expect(page.status == 200)
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.text.contains("/infinite_image_browsing/fe-static/assets/a.js"))
        let tag = try #require(page.headers[.eTag])
        #expect(try await server.get(path, headers: [.ifNoneMatch: tag]).status == 304)
        #expect(try await server.server.get("/").text == page.text)
    }

    @Test func `at another base the page speaks of that`() async throws {
        let server = try server(base: "/pics")
        let page = try await server.get("")
        #expect(page.text == #"<script src="/pics/fe-static/assets/a.js"></script>"#)
        let tag = try #require(page.headers[.eTag])
        #expect(try await server.get("", headers: [.ifNoneMatch: tag]).status == 304)
        #expect(try await server.get("", headers: [.ifNoneMatch: "\"x\""]).status == 200)
    }

    @Test func `files are served with their types and validators`() async throws {
        let server = try server()
        let file = try await server.get("/fe-static/assets/a.js")
        #expect(file.text == "let a = 1")
        #expect(file.headers[.contentType] == "text/javascript; charset=utf-8")
        let tag = try #require(file.headers[.eTag])
        #expect(try await server.get("/fe-static/assets/a.js", headers: [.ifNoneMatch: tag]).status == 304)
        #expect(try await server.get("/fe-static/in.js").text == "let a = 1")
        let head = try await server.server.ask(.head, server.base + "/fe-static/assets/a.js")
        #expect(head.status == 200)
        #expect(head.headers[.contentLength] == "9")
    }

    @Test(
        arguments: [
            "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "assets/../../secret.txt", "out.txt", ".env",
            "assets/..%5c..%5csecret.txt", "/etc/passwd", "%2fetc%2fpasswd", "a%00.js", "nope.js", "assets", "%",
        ]
    )
    func `no path leads out of the folder, to what is hidden, or to what is not there`(path: String) async throws {
        let answer = try await server().get("/fe-static/\(path)")
        #expect(answer.status == 404)
        #expect(!answer.text.contains("hush"))
    }

    @Test func `without a client the base says how to have one, and the root is the dashboard's`() async throws {
        let server = try IIBServer()
        let page = try await server.get("")
        #expect(page.status == 404)
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        #expect(page.text.contains("--iib-client"))
        #expect(try await server.server.get("/").code == "not_found")
    }
}
