import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOEmbedded
import Testing

@testable import REST

/// Packing files (contracts/iib.md §1, zip).
@Suite struct IIBZipRoutesTests {
    private func ask(
        _ server: IIBServer,
        _ paths: [String],
        compress: Bool = false,
        packOnly: Bool = false
    ) async throws -> TestServer.Answer {
        let body: JSON = [
            "paths": .array(paths.map { .string($0) }), "compress": .bool(compress), "pack_only": .bool(packOnly),
        ]
        return try await server.post("/zip", body)
    }

    @Test func `an archive is sent as it is made, without a file being left`() async throws {
        let server = try IIBServer()
        try server.folder.write(String(repeating: "word ", count: 1000), to: "library/a.png")
        for compress in [false, true] {
            let answer = try await ask(server, [server.root + "/a.png"], compress: compress)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/zip")
            #expect(answer.headers[.contentDisposition] == nil)
            #expect(answer.headers[.contentLength] == (compress ? nil : String(answer.body.count)))
            #expect(answer.body.starts(with: [0x50, 0x4B, 3, 4]))
            #expect((answer.body.count < 1000) == compress)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.exports).isEmpty)
    }

    @Test func `packed only, it is kept under its name and the answer is null`() async throws {
        let server = try IIBServer()
        try server.folder.write("x", to: "library/a.png")
        for _ in 0..<2 {
            let answer = try await ask(server, [server.root + "/a.png"], packOnly: true)
            #expect(answer.status == 200 && answer.text == "null")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: server.exports)
        #expect(names.count == 2)
        #expect(names.allSatisfy { $0.hasPrefix("iib_batch_download_") && $0.hasSuffix(".zip") })
    }

    @Test func `no file is 400, a foreign one 403, too much 413, all before the first byte`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .library), packing: PackingLimits(files: 1, bytes: 10))
        try server.folder.write("x", to: "library/a.png")
        try server.folder.write("x", to: "library/b.png")
        for path in [server.root, server.root + "/none.png"] {
            let answer = try await ask(server, [path])
            #expect(answer.status == 400)
            #expect(answer.detail == "The corresponding path must be a file.")
        }
        #expect(try await ask(server, ["/etc/passwd"]).status == 403)
        let many = try await ask(server, [server.root + "/a.png", server.root + "/b.png"])
        #expect(many.status == 413)
        #expect(many.detail?.string == "2 files of 2.00 B are more than may be packed at once")
        #expect(try await ask(server, [server.root + "/a.png"]).status == 200)
    }

    @Test func `a file that goes while the archive is sent breaks the answer off`() async throws {
        let server = try IIBServer()
        try server.folder.write("x", to: "library/a.png")
        let path = try server.folder.write("x", to: "library/b.png")
        let policy = try await server.access.policy()
        let archive = try await server.files.pack(
            [server.root + "/a.png", server.root + "/b.png"],
            isDeflated: false,
            policy: policy
        )
        try FileManager.default.removeItem(atPath: path)
        let collector = BodyCollector()
        let response = IIBZipRoutes.response(archive, on: NIOAsyncTestingChannel())
        await #expect(throws: FileError.self) { try await response.body.write(collector) }
    }
}
