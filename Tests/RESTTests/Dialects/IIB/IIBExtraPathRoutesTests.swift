import Domain
import Foundation
import HTTPTypes
import Testing

@testable import REST

/// The folders that people add (contracts/iib.md §9).
@Suite struct IIBExtraPathRoutesTests {
    private let server: IIBServer
    private let extra: String

    init() throws {
        server = try IIBServer()
        try server.folder.write("", to: "extra/.keep")
        extra = server.folder.path + "/extra"
    }

    private func add(_ path: String, _ types: JSON, to server: IIBServer? = nil) async throws -> TestServer.Answer {
        try await (server ?? self.server).post("/db/extra_paths", ["path": .string(path), "types": types])
    }

    private func remove(_ path: String, _ types: JSON) async throws -> TestServer.Answer {
        try await server.send(.delete, "/db/extra_paths", ["path": .string(path), "types": types])
    }

    private var paths: JSON {
        get async throws { try await server.get("/db/extra_paths").json }
    }

    @Test func `a folder is added with its types, which are joined, under its plain path`() async throws {
        #expect(try await paths == [])
        #expect(try await add(extra + "/", ["scanned"]).text == "null")
        #expect(try await add(extra + "/./x/..", ["walk", "scanned"]).text == "null")
        #expect(try await paths == [["path": .string(extra), "types": ["scanned", "walk"], "alias": ""]])
    }

    @Test func `types are taken away one by one, and the folder goes with the last`() async throws {
        _ = try await add(extra, ["scanned", "walk"])
        #expect(try await remove(extra, ["scanned"]).text == "null")
        #expect(try await paths == [["path": .string(extra), "types": ["walk"], "alias": ""]])
        #expect(try await remove(extra + "/", ["walk"]).text == "null")
        #expect(try await paths == [])
        #expect(try await remove("/never/there", ["walk"]).text == "null")
    }

    @Test func `a folder that is not there is forgotten`() async throws {
        #expect(try await add(server.folder.path + "/none", ["scanned"]).text == "null")
        #expect(try await paths == [])
    }

    @Test func `the entry of a folder that nobody may read goes when it is gone, and not before`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .folders([self.server.folder.path + "/elsewhere"])))
        let path = server.folder.path + "/secret"
        try server.folder.write("", to: "secret/.keep")
        try await server.index.addExtraPath(path, types: ["walk"])
        let body: JSON = ["path": .string(path), "types": ["walk"]]
        #expect(try await server.send(.delete, "/db/extra_paths", body).status == 403)
        #expect(try await server.index.extraPaths().count == 1)
        let unknown: JSON = ["path": .string(server.folder.path), "types": ["walk"]]
        #expect(try await server.send(.delete, "/db/extra_paths", unknown).text == "null")
        try FileManager.default.removeItem(atPath: path)
        #expect(try await server.send(.delete, "/db/extra_paths", body).text == "null")
        #expect(try await server.index.extraPaths().isEmpty)
    }

    @Test func `a folder has a name, once it is there`() async throws {
        _ = try await add(extra, ["scanned"])
        let named = try await server.post("/db/alias_extra_path", ["path": .string(extra), "alias": "Mine"])
        #expect(named.json == ["path": .string(extra), "types": ["scanned"], "alias": "Mine"])
        #expect(try await paths.array?.first?["alias"] == "Mine")
        let unknown = try await server.post("/db/alias_extra_path", ["path": "/never", "alias": "x"])
        #expect(unknown.status == 400)
    }

    @Test func `a type that there is not, a path that is none and a wrong body are told`() async throws {
        #expect(try await add(extra, ["scan"]).status == 400)
        #expect(try await add(extra, ["cli_access_only"]).status == 400)
        #expect(try await add("", ["scanned"]).status == 400)
        #expect(try await add(extra, "scanned").status == 422)
        #expect(try await server.post("/db/extra_paths", [:]).detail?.array?.count == 2)
        #expect(try await paths == [])
    }

    @Test func `files below it can be tagged at once`() async throws {
        // An empty index would be the first thing to be told of.
        try server.picture("known.png")
        try await server.index.update()
        let path = extra + "/a.png"
        try Data(TestPNG.bytes(width: 4, height: 4)).write(to: URL(fileURLWithPath: path))
        let body: JSON = ["img_path": .string(path), "tag_id": 1]
        #expect(try await server.post("/db/toggle_custom_tag_to_img", body).status == 400)
        let added = try await add(extra, ["scanned"])
        #expect(added.text == "null", "\(added.status) \(added.text)")
        let answer = try await server.post("/db/toggle_custom_tag_to_img", body)
        #expect(answer.text == #"{"is_remove":0}"#, "\(answer.status) \(answer.text)")
    }
}
