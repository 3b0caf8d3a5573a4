import Domain
import HTTPTypes
import Testing

@testable import REST

/// What the permission forbids, and CORS (contracts/iib.md, Access control and write permission; Common rules).
@Suite struct IIBPermissionTests {
    /// Endpoints of this server that are marked **W**, with their methods.
    static let writes: [(HTTPRequest.Method, String)] = [
        (.post, "/mkdirs"), (.post, "/delete_files"), (.post, "/copy_files"), (.post, "/move_files"),
        (.post, "/db/rename"), (.post, "/flatten_folder"), (.post, "/zip"),
        (.post, "/set_target_frame_as_video_cover"), (.post, "/update_exif"), (.post, "/db/rebuild_index"),
        (.post, "/db/add_custom_tag"), (.post, "/db/toggle_custom_tag_to_img"), (.post, "/db/batch_update_image_tag"),
        (.post, "/db/remove_custom_tag"), (.post, "/db/update_tag"), (.post, "/db/remove_custom_tag_from_img"),
        (.post, "/db/add_custom_tag_from_img"), (.post, "/db/extra_paths"), (.delete, "/db/extra_paths"),
        (.post, "/db/alias_extra_path"), (.post, "/app_fe_setting"), (.delete, "/app_fe_setting"),
        (.post, "/open_folder"), (.post, "/open_with_default_app"),
    ]

    @Test(arguments: [IIBConfiguration.Permission.readOnly, .noAccess])
    func `without a permission to write, writing is refused before anything is read`(
        permission: IIBConfiguration.Permission
    ) async throws {
        let server = try IIBServer(IIBConfiguration(permission: permission))
        for (method, path) in Self.writes {
            let answer = try await server.send(method, path, "no object")
            #expect(answer.status == 403, "\(path)")
            #expect(
                answer.detail
                    == "User is not authorized to perform this action. Required permission: read-write, write-only"
            )
        }
        #expect(try await server.post("/db/search_by_substr").status == 422)
    }

    @Test(arguments: [IIBConfiguration.Permission.readWrite, .writeOnly])
    func `with it, the same calls are judged by what they say`(permission: IIBConfiguration.Permission) async throws {
        let server = try IIBServer(IIBConfiguration(permission: permission))
        for (method, path) in Self.writes where path != "/db/rebuild_index" {
            #expect(try await server.send(method, path, "no object").status == 422, "\(path)")
        }
    }

    @Test func `these are all the routes of the dialect that change something, but the update of the index`() throws {
        let server = try IIBServer()
        let routes = RouterBuilder.routes(server.server.configuration, server.server.services)
        let operating = routes.filter { $0.permission == .operate }.map { "\($0.method.rawValue) \($0.path)" }
        let known = Self.writes.map { "\($0.0.rawValue) \(server.base)\($0.1)" }
        #expect(operating.sorted() == (known + ["POST \(server.base)/db/update_image_data"]).sorted())
    }

    @Test func `the message is in the server's language`() async throws {
        let server = try IIBServer(IIBConfiguration(permission: .readOnly, language: .chinese))
        let detail = try await server.post("/db/rebuild_index").detail?.string
        #expect(detail?.contains("权限") == true)
    }

    // MARK: - CORS

    @Test(arguments: ["https://other.example:8443", "null", "chrome-extension://abc_d"])
    func `with CORS allowed an origin is echoed, and errors can be read too`(origin: String) async throws {
        let server = try IIBServer(IIBConfiguration(allowsCORS: true))
        for path in ["/hello", "/nope", "/image_geninfo"] {
            let answer = try await server.get(path, headers: [.origin: origin])
            #expect(answer.headers[.accessControlAllowOrigin] == origin)
            #expect(answer.headers[.accessControlAllowCredentials] == "true")
            #expect(answer.headers[.vary] == "Origin")
            #expect(answer.status != 403)
        }
        var headers: HTTPFields = [.origin: origin, .accessControlRequestMethod: "DELETE"]
        headers[.accessControlRequestHeaders] = "content-type,x-any"
        let preflight = try await server.server.ask(.options, server.base + "/app_fe_setting", headers: headers)
        #expect(preflight.status == 200)
        #expect(preflight.headers[.accessControlAllowOrigin] == origin)
        #expect(preflight.headers[.accessControlAllowHeaders] == "content-type,x-any")
        #expect(preflight.headers[.accessControlAllowMethods]?.contains("DELETE") == true)
    }

    @Test(arguments: ["https://a b", "<script>", "https://ä.example", "a,b"])
    func `an origin of another form is not echoed`(origin: String) async throws {
        let server = try IIBServer(IIBConfiguration(allowsCORS: true))
        let answer = try await server.get("/hello", headers: [.origin: origin])
        #expect(answer.status == 403)
        #expect(answer.headers[.accessControlAllowOrigin] == nil)
        let headers: HTTPFields = [.origin: origin, .accessControlRequestMethod: "POST"]
        let preflight = try await server.server.ask(.options, server.base + "/hello", headers: headers)
        #expect(preflight.status == 400)
        #expect(preflight.text == "Disallowed CORS origin")
    }

    @Test func `without the flag, beside the dialect, and for a foreign host, no origin is let in`() async throws {
        let origin: HTTPFields = [.origin: "https://other.example"]
        let closed = try IIBServer()
        #expect(try await closed.get("/hello", headers: origin).status == 403)
        let open = try IIBServer(IIBConfiguration(allowsCORS: true))
        let native = try await open.server.get("/api/tasks", headers: origin)
        #expect(native.status == 403)
        #expect(native.headers[.accessControlAllowOrigin] == nil)
        let foreign = try await open.server.ask(.get, open.base + "/hello", headers: origin, host: "evil.example")
        #expect(foreign.status == 403)
        var preflight = origin
        preflight[.accessControlRequestMethod] = "POST"
        let options = try await open.server.ask(
            .options,
            open.base + "/hello",
            headers: preflight,
            host: "evil.example"
        )
        #expect(options.status == 403)
    }
}
