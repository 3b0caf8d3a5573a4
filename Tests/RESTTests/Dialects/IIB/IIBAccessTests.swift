import Domain
import HTTPTypes
import Testing

@testable import REST

/// Which paths clients may name (contracts/iib.md, Access control): every path of every endpoint is checked.
@Suite struct IIBAccessTests {
    /// Calls with one path in them, `PATH`, of this server's metadata, tags, extra paths and system.
    static let calls: [(HTTPRequest.Method, String, String?)] = [
        (.get, "/image_geninfo?path=PATH", nil), (.post, "/image_geninfo_batch", #"{"paths":["PATH"]}"#),
        (.get, "/image_exif?path=PATH", nil), (.post, "/update_exif", #"{"path":"PATH","exif":"x"}"#),
        (.get, "/db/img_selected_custom_tag?path=PATH", nil), (.post, "/db/get_image_tags", #"{"paths":["PATH"]}"#),
        (.post, "/db/toggle_custom_tag_to_img", #"{"img_path":"PATH","tag_id":1}"#),
        (.post, "/db/batch_update_image_tag", #"{"img_paths":["PATH"],"action":"add","tag_id":1}"#),
        (.post, "/db/extra_paths", #"{"path":"PATH","types":["scanned"]}"#),
        (.post, "/db/alias_extra_path", #"{"path":"PATH","alias":"x"}"#), (.post, "/open_folder", #"{"path":"PATH"}"#),
        (.post, "/open_with_default_app", #"{"path":"PATH"}"#), (.post, "/send_img_path?path=PATH", nil),
    ]

    private func ask(_ server: IIBServer, _ call: (HTTPRequest.Method, String, String?), _ path: String) async throws
        -> TestServer.Answer
    {
        let target = call.1.replacing("PATH", with: PercentEncoding.encode(path))
        let body = call.2?.replacing("PATH", with: path)
        let headers: HTTPFields = body == nil ? [:] : [.contentType: "application/json"]
        return try await server.server.ask(call.0, server.base + target, headers: headers, body: body)
    }

    @Test(arguments: calls.indices)
    func `a path outside is forbidden, however it is written, whether anything is there or not`(number: Int)
        async throws
    {
        let server = try IIBServer(IIBConfiguration(rule: .library))
        try server.folder.write("x", to: "secret.png")
        try server.folder.write("x", to: "library-x/secret.png")
        try server.folder.link("library/link.png", to: server.folder.path + "/secret.png")
        try server.folder.link("library/away", to: server.folder.path)
        let outside = [
            server.folder.path + "/secret.png", server.folder.path + "/none.png", server.root + "/../secret.png",
            server.root + "/link.png", server.root + "/away/secret.png", server.root + "-x/secret.png",
            server.folder.path, "/", "/etc/passwd", "relative.png", "", server.root + "/none/../../secret.png",
        ]
        for path in outside {
            let answer = try await ask(server, Self.calls[number], path)
            // A folder to be added must have a name.
            let isNameless = path.isEmpty && Self.calls[number].1.contains("extra_path")
            #expect(answer.status == (isNameless ? 400 : 403), "\(path)")
            if !isNameless { #expect(answer.text == #"{"detail":"Forbidden"}"#, "\(path)") }
        }
    }

    @Test(arguments: calls.indices)
    func `a path inside is not, and without access control none is`(number: Int) async throws {
        let server = try IIBServer(IIBConfiguration(rule: .library))
        try server.folder.write("x", to: "library/sub/a.png")
        for path in [server.root + "/sub/a.png", server.root + "/none.png"] {
            #expect(try await ask(server, Self.calls[number], path).status != 403, "\(path)")
        }
        let open = try IIBServer()
        #expect(try await ask(open, Self.calls[number], "/etc/none").status != 403)
    }

    @Test func `one path outside forbids a whole list`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .library))
        let paths: JSON = [.string(server.root + "/a.png"), .string(server.folder.path + "/b.png")]
        #expect(try await server.post("/image_geninfo_batch", ["paths": paths]).status == 403)
        #expect(try await server.post("/db/get_image_tags", ["paths": paths]).status == 403)
    }

    @Test func `named folders stand in place of the library`() async throws {
        let allowed = try TemporaryFolder()
        let server = try IIBServer(IIBConfiguration(rule: .folders([allowed.path, "/nowhere/at/all"])))
        #expect(try await server.get("/image_exif", ["path": server.root + "/a.png"]).status == 403)
        #expect(try await server.get("/image_exif", ["path": allowed.path + "/a.png"]).status != 403)
        #expect(try await server.get("/image_exif", ["path": "/nowhere/at/all/a.png"]).status == 403)
    }

    @Test func `with no folder left nothing may be named`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .folders([])))
        #expect(try await server.get("/image_exif", ["path": server.root + "/a.png"]).status == 403)
    }
}
