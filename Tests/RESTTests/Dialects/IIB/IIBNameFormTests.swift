import Domain
import Foundation
import HTTPTypes
import Testing

@testable import REST

/// Files whose names are equal as Swift texts, and differ in their bytes: é composed and decomposed (Unicode NFC, NFD).
@Suite struct IIBNameFormTests {
    private let server: IIBServer
    private let composed: String
    private let decomposed: String

    init() throws {
        server = try IIBServer()
        composed = try server.picture("caf\u{E9}/\u{E9}.png")
        decomposed = try server.picture("cafe\u{301}/e\u{301}.png")
    }

    /// How often the name of a member stands in an answer, byte for byte.
    private func places(of name: String, in answer: TestServer.Answer) -> Int {
        Data(answer.text.utf8).ranges(of: Data("\"\(name)\":".utf8)).count
    }

    @Test func `texts of both are told`() async throws {
        _ = try await server.post("/update_exif", ["path": .string(composed), "exif": "one"])
        _ = try await server.post("/update_exif", ["path": .string(decomposed), "exif": "two"])
        let body: JSON = ["paths": [.string(composed), .string(decomposed), .string(composed)]]
        let answer = try await server.post("/image_geninfo_batch", body)
        #expect(Array(answer.text.utf8) == Array(#"{"\#(composed)":"one","\#(decomposed)":"two"}"#.utf8))
    }

    @Test func `each has its own tags`() async throws {
        try await server.index.update()
        let tag = try await server.index.addCustomTag("mine").id
        let tagged: JSON = ["img_paths": [.string(composed), .string(decomposed)], "action": "add", "tag_id": 1]
        #expect(try await server.post("/db/batch_update_image_tag", tagged).text == "null")
        _ = try await server.post(
            "/db/toggle_custom_tag_to_img",
            ["img_path": .string(decomposed), "tag_id": .int(Int64(tag))]
        )
        let body: JSON = ["paths": [.string(composed), .string(decomposed)]]
        let answer = try await server.post("/db/get_image_tags", body)
        #expect(places(of: composed, in: answer) == 1 && places(of: decomposed, in: answer) == 1)
        let tags = try await server.index.customTags(of: [composed, decomposed])
        #expect(tags.map { $0.map(\.name).sorted() } == [["like"], ["like", "mine"]])
    }

    @Test func `covers of both folders are told`() async throws {
        let folders = [composed, decomposed].map { IIBPath.folder($0) }
        let answer = try await server.post("/batch_top_4_media_info", ["paths": .array(folders.map { .string($0) })])
        for folder in folders { #expect(places(of: folder, in: answer) == 1) }
    }

    @Test func `a change in both folders reaches both`() async throws {
        try await server.index.update()
        #expect(try await server.index.count() == 2)
        let deleted = try await server.post("/delete_files", ["file_paths": [.string(composed), .string(decomposed)]])
        #expect(deleted.status == 200)
        try await server.index.update()
        #expect(try await server.index.count() == 0)
    }
}
