import Domain
import HTTPTypes
import Testing

@testable import REST

@Suite struct ContentRoutesTests {
    static let hash = String(repeating: "0a", count: 32)
    let folder: TemporaryFolder
    let server: TestServer

    init() throws {
        folder = try TemporaryFolder()
        let path = try folder.write("0123456789", to: "x.png")
        let content = ContentFile(path: path, mime: "image/png")
        let gone = ContentFile(path: folder.path + "/gone.png", mime: "image/png")
        server = TestServer(
            library: FakeLibrary(contents: [Self.hash: content, String(repeating: "0b", count: 32): gone])
        )
    }

    private func get(_ headers: HTTPFields = [:]) async throws -> TestServer.Answer {
        try await server.get("/api/contents/\(Self.hash)", headers: headers)
    }

    @Test func `a content is served whole with its type, and its hash as validator`() async throws {
        let answer = try await get()
        #expect(answer.status == 200 && answer.text == "0123456789")
        #expect(answer.headers[.contentType] == "image/png")
        #expect(answer.headers[.eTag] == "\"\(Self.hash)\"")
        #expect(answer.headers[.acceptRanges] == "bytes")
        #expect(answer.headers[.xContentTypeOptions] == "nosniff")
        #expect(answer.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
        #expect(answer.headers[.cacheControl]?.contains("immutable") == true)
        let again = try await get([.ifNoneMatch: "\"\(Self.hash)\"", .range: "bytes=0-1"])
        #expect(again.status == 304 && again.body.isEmpty)
    }

    @Test func `HEAD tells the length and serves no part`() async throws {
        let path = "/api/contents/\(Self.hash)"
        let head = try await server.ask(.head, path, headers: [.range: "bytes=0-1"])
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers[.contentLength] == "10")
        #expect(head.headers[.contentRange] == nil)
    }

    @Test(arguments: [
        ("bytes=0-3", "0123", "0-3"), ("bytes=4-", "456789", "4-9"), ("bytes=-3", "789", "7-9"),
        ("bytes=-99", "0123456789", "0-9"), ("bytes=9-9", "9", "9-9"), ("bytes=2-99", "23456789", "2-9"),
        ("BYTES= 1-2 ", "12", "1-2"), ("bytes=0-99999999999999999999999", "0123456789", "0-9"),
    ])
    func `a range is answered with that part`(range: String, text: String, where place: String) async throws {
        let answer = try await get([.range: range])
        #expect(answer.status == 206)
        #expect(answer.text == text)
        #expect(answer.headers[.contentRange] == "bytes \(place)/10")
        #expect(answer.headers[.eTag] == "\"\(Self.hash)\"")
    }

    @Test(arguments: ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99999999999999999999-"])
    func `a range without a byte of the content is answered 416`(range: String) async throws {
        let answer = try await get([.range: range])
        #expect(answer.status == 416)
        #expect(answer.headers[.contentRange] == "bytes */10")
        #expect(answer.body.isEmpty)
    }

    @Test(arguments: [
        "bytes=", "bytes=-", "bytes=3-1", "bytes=a-b", "bytes=0-1,3-4", "lines=0-1", "0-1", "bytes=+1-2", "bytes 0-1",
    ])
    func `what is no single range of bytes is as if it were not there`(range: String) async throws {
        let answer = try await get([.range: range])
        #expect(answer.status == 200 && answer.text == "0123456789")
    }

    @Test func `If-Range allows a part of this version only`() async throws {
        #expect(try await get([.range: "bytes=0-1", .ifRange: "\"\(Self.hash)\""]).status == 206)
        for other in ["\"other\"", "W/\"\(Self.hash)\"", "Thu, 21 Nov 2019 14:06:27 GMT"] {
            #expect(try await get([.range: "bytes=0-1", .ifRange: other]).status == 200)
        }
    }

    @Test(arguments: [
        String(repeating: "0c", count: 32), String(repeating: "0b", count: 32), String(repeating: "0A", count: 32),
        String(repeating: "0", count: 63), "..", "%2e%2e",
    ])
    func `what the library does not have, or only had, is 404`(hash: String) async throws {
        let answer = try await server.get("/api/contents/\(hash)")
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
    }

    @Test(arguments: [
        (0, "bytes=0-", ByteRange.unsatisfiable), (0, "bytes=-1", .unsatisfiable), (1, "bytes=-1", .part(0...0)),
    ])
    func `an empty file has no part`(size: Int, header: String, range: ByteRange) {
        #expect(ByteRange(header, size: size) == range)
    }
}
