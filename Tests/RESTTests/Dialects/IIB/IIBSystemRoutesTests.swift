import Domain
import Foundation
import OrderedCollections
import Synchronization
import Testing

@testable import REST

/// The server itself (contracts/iib.md §10).
@Suite struct IIBSystemRoutesTests {
    @Test func `versions are ours under their keys`() async throws {
        let server = try IIBServer()
        let answer = try await server.get("/version").json
        let keys = [
            "python_version", "platform", "hash", "tag", "av", "imageio", "pillow", "imageio_ffmpeg",
            "pillow_avif_plugin", "requests", "numpy", "hnswlib",
        ]
        #expect(answer.object.map { Array($0.keys) } == keys)
        #expect(answer["tag"] == "vitrine 0.0.1")
        #expect(answer["platform"]?.string?.isEmpty == false)
        #expect(answer["hash"] == nil)
    }

    @Test func `the server ends only where that is allowed`() async throws {
        let count = Mutex(0)
        let end: @Sendable () -> Void = { count.withLock { $0 += 1 } }
        let closed = try IIBServer(shutDown: end)
        let refused = try await closed.post("/shutdown")
        #expect(refused.status == 403)
        #expect(refused.detail == "Shutdown is disabled.")
        #expect(count.withLock { $0 } == 0)
        let open = try IIBServer(IIBConfiguration(enablesShutdown: true), shutDown: end)
        #expect(try await open.get("/shutdown").status == 405)
        #expect(count.withLock { $0 } == 0)
        let answer = try await open.post("/shutdown")
        #expect(answer.status == 200)
        #expect(answer.text == "null")
        #expect(count.withLock { $0 } == 1)
    }

    @Test func `a machine without a desktop says so, and a path that is not there is not found`() async throws {
        let server = try IIBServer()
        for call in ["/open_folder", "/open_with_default_app"] {
            let answer = try await server.post(call, ["path": .string(server.root)])
            #expect(answer.status == 501)
            #expect(answer.detail?.string?.contains("desktop") == true)
            #expect(try await server.post(call, ["path": .string(server.root + "/none")]).status == 404)
            #expect(try await server.post(call, [:]).status == 422)
        }
    }

    @Test func `a desktop is given the folder of a file, or the file`() async throws {
        let folder = try TemporaryFolder()
        let said = folder.path + "/said"
        try folder.write("#!/bin/sh\necho \"$1\" > '\(said).new'; mv '\(said).new' '\(said)'\n", to: "bin/xdg-open")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/bin/xdg-open")
        let server = try IIBServer(desktop: Desktop(searchPath: "/nowhere:\(folder.path)/bin"))
        try server.folder.write("x", to: "library/a b'.png")
        let file = server.root + "/a b'.png"
        for (call, path, wanted) in [
            ("/open_folder", file, server.root), ("/open_folder", server.root, server.root),
            ("/open_with_default_app", file, file),
        ] {
            try? FileManager.default.removeItem(atPath: said)
            #expect(try await server.post(call, ["path": .string(path)]).text == "null")
            let deadline = ContinuousClock.now + .seconds(120)
            while !FileManager.default.fileExists(atPath: said), ContinuousClock.now < deadline { await Task.yield() }
            #expect(try String(contentsOfFile: said, encoding: .utf8) == wanted + "\n")
        }
    }

    @Test func `what only makes sense inside another program does nothing`() async throws {
        let server = try IIBServer()
        #expect(try await server.get("/gen_info_completed").text == "false")
        #expect(try await server.post("/send_img_path?path=\(server.root)").text == "null")
        #expect(try await server.post("/send_img_path").status == 422)
    }
}
