import Domain
import HTTPTypes
import Testing

@testable import REST

/// What files say of how they were made (contracts/iib.md §3).
@Suite struct IIBMetadataRoutesTests {
    private let server: IIBServer

    init() throws {
        server = try IIBServer()
    }

    @Test func `a text is a JSON string, and what has none has an empty one`() async throws {
        let path = try server.picture("a.png")
        try server.folder.write("not read", to: "library/b.bin")
        for path in [path, server.root + "/none.png", server.root + "/b.bin", server.root, "/none"] {
            let answer = try await server.get("/image_geninfo", ["path": path])
            #expect(answer.status == 200)
            #expect(answer.text == #""""#)
            #expect(answer.headers[.contentType] == "application/json")
        }
        _ = try await server.post("/update_exif", ["path": .string(path), "exif": "line \"one\"\nline two"])
        #expect(try await server.get("/image_geninfo", ["path": path]).text == #""line \"one\"\nline two""#)
    }

    @Test func `texts of many come by their paths as given`() async throws {
        let path = try server.picture("a.png")
        _ = try await server.post("/update_exif", ["path": .string(path), "exif": "x"])
        let detour = server.root + "/./a.png"
        let none = server.root + "/none.png"
        let body: JSON = ["paths": [.string(path), .string(detour), .string(none), .string(path)]]
        let answer = try await server.post("/image_geninfo_batch", body).json
        #expect(answer == [path: "x", detour: "x", none: ""])
        #expect(try await server.post("/image_geninfo_batch", ["paths": []]).text == "{}")
        #expect(try await server.post("/image_geninfo_batch", ["paths": "x"]).status == 422)
    }

    @Test func `a text is written once and then replaced, in the index alone`() async throws {
        let path = try server.picture("a.png")
        let body: JSON = ["path": .string(path), "exif": "first"]
        let first = try await server.post("/update_exif", body)
        #expect(first.text == #"{"success":true,"message":"Exif created successfully"}"#)
        let second = try await server.post("/update_exif", ["path": .string(path), "exif": "second"])
        #expect(second.text == #"{"success":true,"message":"Exif updated successfully"}"#)
        #expect(try await server.get("/image_geninfo", ["path": path]).json == "second")
        #expect(
            try await server.post("/update_exif", ["path": .string(server.root + "/none.png"), "exif": ""]).status
                == 404
        )
        #expect(try await server.post("/update_exif", ["path": .string(path)]).status == 422)
    }
}
