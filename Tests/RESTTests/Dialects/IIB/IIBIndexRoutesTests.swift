import Domain
import Foundation
import HTTPTypes
import OrderedCollections
import Testing

@testable import REST

/// The index as a whole (contracts/iib.md §4).
@Suite struct IIBIndexRoutesTests {
    private let server: IIBServer

    init() throws {
        server = try IIBServer()
    }

    @Test func `an update takes in what is on the disk, and the overview counts it`() async throws {
        #expect(try await server.get("/db/basic_info").json["img_count"] == 0)
        try server.picture("a.png")
        try server.picture("sub/b.png")
        try server.folder.write("no picture", to: "library/c.md")
        let answer = try await server.server.ask(.post, server.base + "/db/update_image_data")
        #expect(answer.status == 200)
        #expect(answer.text == "null")
        let info = try await server.get("/db/basic_info").json
        #expect(info.object.map { Array($0.keys) } == ["img_count", "tags", "expired", "expired_dirs"])
        #expect(info["img_count"] == 2)
        #expect(info["expired"] == false)
        #expect(info["expired_dirs"] == [])
        let like = try #require(info["tags"]?.array?.first)
        #expect(
            like == [
                "name": "like", "score": 0, "type": "custom", "count": 0, "id": 1, "color": "", "display_name": .null,
            ]
        )
    }

    @Test func `a folder that changed is told as expired until the next update`() async throws {
        try server.picture("sub/a.png")
        _ = try await server.post("/db/update_image_data")
        #expect(try await server.get("/db/expired_dirs").text == #"{"expired":false,"expired_dirs":[]}"#)
        try server.picture("sub/b.png")
        let when = Date(timeIntervalSince1970: 1_800_000_000)
        try FileManager.default.setAttributes([.modificationDate: when], ofItemAtPath: server.root + "/sub")
        let expired = try await server.get("/db/expired_dirs").json
        #expect(expired["expired"] == true)
        #expect(expired["expired_dirs"]?.array?.contains(.string(server.root + "/sub")) == true)
        _ = try await server.post("/db/update_image_data")
        #expect(try await server.get("/db/expired_dirs").json["expired"] == false)
        #expect(try await server.get("/db/basic_info").json["img_count"] == 2)
    }

    @Test func `pictures drawn by lot are a bare array of at most 128`() async throws {
        #expect(try await server.get("/db/random_images").text == "[]")
        for number in 0..<130 { try server.picture("\(number).png") }
        _ = try await server.post("/db/update_image_data")
        let media = try #require(try await server.get("/db/random_images").json.array)
        #expect(media.count == 128)
        #expect(Set(media.compactMap { $0["id"]?.int }).count == 128)
        let again = try await server.get("/db/random_images").json.array
        #expect(again != media)
    }

    @Test func `a file has the members and forms of the contract`() async throws {
        let path = try server.picture("sub/a b.png", date: 1_700_000_000)
        _ = try await server.post("/db/update_image_data")
        let file = try #require(try await server.get("/db/random_images").json.array?.first)
        let keys = [
            "type", "id", "date", "created_date", "size", "is_under_scanned_path", "bytes", "name", "fullpath",
        ]
        #expect(file.object.map { Array($0.keys) } == keys)
        var time = LocalTimeWriter()
        let date = time.text(1_700_000_000)
        #expect(file["date"] == .string(date))
        #expect(file["created_date"] == file["date"])
        let bytes = TestPNG.bytes(width: 4, height: 6).count
        #expect(file["bytes"]?.int == bytes)
        #expect(file["size"] == .string("\(bytes).00 B"))
        #expect(file["name"] == "a b.png")
        #expect(file["fullpath"] == .string(path))
        #expect(file["type"] == "file")
        #expect(file["is_under_scanned_path"] == true)
        #expect(file["id"]?.int ?? 0 > 0)
    }

    @Test func `a rebuild keeps ids, custom tags and people's texts`() async throws {
        let path = try server.picture("a.png")
        _ = try await server.post("/db/update_image_data")
        let id = try await server.get("/db/random_images").json.array?.first?["id"]
        _ = try await server.post("/db/toggle_custom_tag_to_img", ["img_path": .string(path), "tag_id": 1])
        _ = try await server.post("/update_exif", ["path": .string(path), "exif": "mine"])
        #expect(try await server.post("/db/rebuild_index").text == "null")
        #expect(try await server.get("/db/random_images").json.array?.first?["id"] == id)
        #expect(try await server.get("/image_geninfo", ["path": path]).text == #""mine""#)
        let tags = try await server.get("/db/img_selected_custom_tag", ["path": path]).json.array
        #expect(tags?.map { $0["id"] } == [1])
    }

    @Test func `the trend has all its members, and counts by day and month`() async throws {
        try server.picture("a.png", date: 1_700_000_000)
        try server.picture("b.png", date: 1_700_000_000)
        _ = try await server.post("/db/update_image_data")
        let trend = try await server.get("/db/stats/trend").json
        #expect(trend["total_images"] == 2)
        #expect(trend["total_disk_usage"]?.int == 2 * TestPNG.bytes(width: 4, height: 6).count)
        var time = LocalTimeWriter()
        let day = String(time.text(1_700_000_000).prefix(10))
        #expect(trend["daily_contributions"] == [["date": .string(day), "count": 2]])
        #expect(trend["monthly_trends"] == [["month": .string(String(day.prefix(7))), "count": 2]])
        for name in ["top_models", "top_samplers", "top_lora", "top_source"] { #expect(trend[name]?.array != nil) }
    }
}
