import Domain
import HTTPTypes
import Testing

@testable import REST

@Suite struct LibraryRoutesTests {
    @Test func `the summary has counts and the newest items at one offset`() async throws {
        let server = TestServer()
        let item = LibraryItem(
            id: 3,
            sha256: "ab",
            name: "c.png",
            root: "/r",
            path: "c.png",
            mime: "image/png",
            size: 9,
            added: 7
        )
        server.journal.publish(.libraryAdded([item]))
        server.journal.publish(.libraryCounts(LibraryCounts(contents: 1, files: 2, bytes: 18)))
        let answer = try await server.get("/api/library")
        #expect(answer.status == 200)
        #expect(answer.json["epoch"] == "e1")
        #expect(answer.json["offset"] == 2)
        #expect(answer.json["counts"] == ["contents": 1, "files": 2, "bytes": 18])
        #expect(answer.json["newest"]?.array?.map { $0["name"] } == ["c.png"])
    }

    @Test func `the roots come from the library`() async throws {
        let answer = try await TestServer().get("/api/library/roots")
        #expect(answer.text == #"{"roots":[{"id":1,"path":"/pictures","name":"pictures","files":3}]}"#)
    }

    @Test func `a thumbnail is served with its hash as validator, for ever`() async throws {
        let folder = try TemporaryFolder()
        let hash = String(repeating: "0a", count: 32)
        let server = TestServer(library: FakeLibrary(thumbnails: [hash: try folder.write("picture", to: "t.webp")]))
        let answer = try await server.get("/thumbnails/\(hash).webp")
        #expect(answer.status == 200)
        #expect(answer.text == "picture")
        #expect(answer.headers[.contentType] == "image/webp")
        #expect(answer.headers[.eTag] == "\"\(hash)\"")
        #expect(answer.headers[.cacheControl]?.contains("immutable") == true)
        for known in ["\"\(hash)\"", "W/\"\(hash)\"", "\"x\", \"\(hash)\"", "*"] {
            let again = try await server.get("/thumbnails/\(hash).webp", headers: [.ifNoneMatch: known])
            #expect(again.status == 304)
            #expect(again.body.isEmpty)
            #expect(again.headers[.eTag] == "\"\(hash)\"")
        }
        #expect(try await server.get("/thumbnails/\(hash).webp", headers: [.ifNoneMatch: "\"x\""]).status == 200)
        let head = try await server.ask(.head, "/thumbnails/\(hash).webp")
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers[.contentLength] == "7")
    }

    @Test(arguments: [
        String(repeating: "0", count: 64), String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "A", count: 64), String(repeating: "g", count: 64), "..", "%2e%2e%2fsecret",
    ])
    func `what is no hash, or has no thumbnail, is answered 404`(name: String) async throws {
        // The library would answer every name with a file.
        let library = FakeLibrary(thumbnails: [String(repeating: "A", count: 64): "/etc/passwd", "..": "/etc/passwd"])
        let answer = try await TestServer(library: library).get("/thumbnails/\(name).webp")
        #expect(answer.status == 404)
        #expect(answer.code == "not_found")
    }

    @Test func `a thumbnail that is gone from the disk is answered 404`() async throws {
        let hash = String(repeating: "b", count: 64)
        let server = TestServer(library: FakeLibrary(thumbnails: [hash: "/nonexistent/\(hash).webp"]))
        #expect(try await server.get("/thumbnails/\(hash).webp").status == 404)
    }
}
