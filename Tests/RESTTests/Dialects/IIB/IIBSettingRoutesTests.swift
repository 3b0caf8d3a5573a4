import Domain
import HTTPTypes
import OrderedCollections
import Testing

@testable import REST

/// What clients read at their start and keep on the server (contracts/iib.md §10).
@Suite struct IIBSettingRoutesTests {
    private func keep(_ name: String, _ value: String, on server: IIBServer) async throws -> TestServer.Answer {
        try await server.post("/app_fe_setting", ["name": .string(name), "value": .string(value)])
    }

    @Test func `a client finds all it asks for at its start`() async throws {
        let server = try IIBServer()
        let settings = try await server.get("/global_setting").json
        let keys = [
            "global_setting", "cwd", "is_win", "home", "sd_cwd", "all_custom_tags", "extra_paths",
            "enable_access_control", "launch_mode", "export_fe_fn", "app_fe_setting", "is_readonly",
        ]
        #expect(settings.object.map { Array($0.keys) } == keys)
        #expect(settings["all_custom_tags"]?.array?.first?["name"] == "like")
        let root: JSON = ["path": .string(server.root), "types": ["cli_access_only"], "alias": ""]
        #expect(settings["extra_paths"] == [root])
        #expect(settings["enable_access_control"] == false)
        #expect(settings["is_readonly"] == false)
        #expect(settings["launch_mode"] == "server")
        #expect(settings["cwd"]?.string?.hasPrefix("/") == true)
    }

    @Test func `a folder named at the start that is an extra path too is listed as both`() async throws {
        let server = try IIBServer()
        let root = try server.library.addRoot(server.root, isPermanent: true).path
        _ = try await server.post("/db/extra_paths", ["path": .string(root), "types": ["walk"]])
        let listed = try await server.get("/global_setting").json["extra_paths"]
        #expect(
            listed == [
                ["path": .string(root), "types": ["walk"], "alias": ""],
                ["path": .string(root), "types": ["cli_access_only"], "alias": ""],
            ]
        )
    }

    @Test func `a value is kept as JSON until it is dropped`() async throws {
        let server = try IIBServer()
        #expect(try await keep("global", #"{"a":[1,null]}"#, on: server).text == "null")
        #expect(try await keep("other", "1", on: server).text == "null")
        let kept = try await server.get("/global_setting").json["app_fe_setting"]
        #expect(kept == ["global": ["a": [1, .null]], "other": 1])
        for _ in 0..<2 {
            #expect(try await server.send(.delete, "/app_fe_setting", ["name": "global"]).text == "null")
        }
        #expect(try await server.get("/global_setting").json["app_fe_setting"] == ["other": 1])
    }

    @Test(arguments: ["", "{", "undefined", "{'a':1}"])
    func `a value that is no JSON is refused`(value: String) async throws {
        let server = try IIBServer()
        #expect(try await keep("global", value, on: server).status == 400)
        #expect(try await server.get("/global_setting").json["app_fe_setting"] == [:])
        #expect(try await server.post("/app_fe_setting", ["name": "x", "value": 1]).status == 422)
    }

    @Test func `a client knows when it may only read`() async throws {
        let closed = try IIBServer(IIBConfiguration(permission: .readOnly, rule: .library))
        let settings = try await closed.get("/global_setting").json
        #expect(settings["is_readonly"] == true)
        #expect(settings["enable_access_control"] == true)
        let tokens = try IIBServer(access: AccessPolicy(tokens: ["see": .viewer, "do": .operator]))
        #expect(try await tokens.get("/global_setting?token=see").json["is_readonly"] == true)
        #expect(try await tokens.get("/global_setting?token=do").json["is_readonly"] == false)
    }
}
