import Domain
import HTTPTypes
import Testing

@testable import REST

/// What holds for every path of the dialect (contracts/iib.md, Common rules).
@Suite struct IIBFrameTests {
    @Test func `hello is answered, by HEAD without its body`() async throws {
        let server = try IIBServer()
        let answer = try await server.get("/hello")
        #expect(answer.status == 200)
        #expect(answer.text == #""hello""#)
        #expect(answer.headers[.contentType] == "application/json")
        let head = try await server.server.ask(.head, server.base + "/hello")
        #expect(head.status == 200)
        #expect(head.text == "")
        #expect(head.headers[.contentLength] == "7")
    }

    @Test func `an unknown path is answered 404, a wrong method 405 with the right ones`() async throws {
        let server = try IIBServer()
        let unknown = try await server.get("/nope")
        #expect(unknown.status == 404)
        #expect(unknown.text == #"{"detail":"Not Found"}"#)
        let wrong = try await server.post("/hello")
        #expect(wrong.status == 405)
        #expect(wrong.text == #"{"detail":"Method Not Allowed"}"#)
        #expect(wrong.headers[.allow] == "GET, HEAD")
    }

    @Test func `the base is where it is set to, and nothing beside it is the dialect's`() async throws {
        let server = try IIBServer(IIBConfiguration(base: "/pics/iib"))
        #expect(try await server.server.get("/pics/iib/hello").text == #""hello""#)
        for path in ["/infinite_image_browsing/hello", "/pics/iibx/hello", "/pics/hello"] {
            let answer = try await server.server.get(path)
            #expect(answer.status == 404)
            #expect(answer.code == "not_found")
        }
    }

    @Test func `a foreign host and a foreign origin get the dialect's form of error`() async throws {
        let server = try IIBServer()
        let foreign = try await server.get("/hello", headers: [.origin: "https://evil.example"])
        #expect(foreign.status == 403)
        #expect(foreign.detail?.string?.contains("origin") == true)
        let host = try await server.server.ask(.get, server.base + "/hello", host: "evil.example")
        #expect(host.status == 403)
        #expect(host.detail?.string?.contains("host") == true)
    }
}
