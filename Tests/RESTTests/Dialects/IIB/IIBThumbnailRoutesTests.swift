import Domain
import Foundation
import HTTPTypes
import Testing

@testable import REST

@Suite struct IIBThumbnailRoutesTests {
    let server: IIBServer
    let large: String
    let small: String

    init() throws {
        server = try IIBServer()
        large = try server.folder.write(try IIBPicture.noise(300, 200), to: "library/large.webp")
        small = try server.folder.write(try IIBPicture.noise(20, 10), to: "library/small.WEBP")
    }

    private func thumbnail(
        _ path: String,
        t: String = "2026-01-02 03:04:05",
        size: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> TestServer.Answer {
        var query = "path=\(PercentEncoding.encode(path))&t=\(PercentEncoding.encode(t))"
        if let size { query += "&size=\(size)" }
        return try await server.get("/image-thumbnail?\(query)", headers: headers)
    }

    @Test func `a thumbnail fits into the box, 256 unless said, with the headers of the contract`() async throws {
        for _ in 0..<2 {
            let answer = try await thumbnail(large)
            #expect(answer.status == 200)
            #expect(IIBPicture.size(answer.body) == "256x171")
            #expect(answer.headers[.contentType] == "image/webp")
            #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(answer.headers[.acceptRanges] == "bytes")
            #expect(answer.headers[.lastModified]?.hasSuffix(" GMT") == true)
            let tag = CacheName.thumbnail(
                large,
                version: "2026-01-02 03:04:05",
                size: try #require(ThumbnailSize("256x256"))
            ).tag
            #expect(answer.headers[.eTag] == "\"\(tag)\"")
        }
        #expect(IIBPicture.size(try await thumbnail(large, size: "30x40").body) == "30x20")
        #expect(IIBPicture.size(try await thumbnail(large, size: "4096x4096").body) == "300x200")
    }

    @Test func `each query has the thumbnail that it asks for, again and in other words`() async throws {
        let path = PercentEncoding.encode(large)
        let queries = [
            ("path=\(path)&t=1&size=30x40", "30x20"), ("size=30x40&t=1&path=\(path)", "30x20"),
            ("path=\(path)&t=1&size=60x40", "60x40"), ("path=\(path)&t=1", "256x171"),
        ]
        for _ in 0..<2 {
            for (query, size) in queries {
                #expect(IIBPicture.size(try await server.get("/image-thumbnail?\(query)").body) == size)
            }
        }
    }

    @Test func `what the client knows is answered 304, with quotes and without`() async throws {
        let first = try await thumbnail(large)
        let tag = try #require(first.headers[.eTag])
        for known in [tag, String(tag.dropFirst().dropLast()), "W/\(tag)", "\"x\", \(tag)", "*"] {
            let answer = try await thumbnail(large, headers: [.ifNoneMatch: known])
            #expect(answer.status == 304 && answer.body.isEmpty)
            #expect(answer.headers[.eTag] == tag)
        }
        #expect(try await thumbnail(large, t: "other", headers: [.ifNoneMatch: tag]).status == 200)
        let date = try #require(first.headers[.lastModified])
        #expect(try await thumbnail(large, headers: [.ifModifiedSince: date]).status == 304)
        #expect(try await thumbnail(large, headers: [.ifModifiedSince: date, .ifNoneMatch: "\"x\""]).status == 200)
    }

    @Test func `parts of a thumbnail can be asked for, and HEAD tells its length`() async throws {
        let whole = try await thumbnail(large).body
        let part = try await thumbnail(large, headers: [.range: "bytes=2-5"])
        #expect(part.status == 206 && part.body == Array(whole[2...5]))
        #expect(part.headers[.contentRange] == "bytes 2-5/\(whole.count)")
        #expect(try await thumbnail(large, headers: [.range: "bytes=\(whole.count)-"]).status == 416)
        let path = "\(server.base)/image-thumbnail?path=\(PercentEncoding.encode(large))&t=2026-01-02%2003:04:05"
        let head = try await server.server.ask(.head, path)
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers[.contentLength] == "\(whole.count)")
    }

    @Test func `a small picture is sent as it is, under its suffix as written`() async throws {
        for _ in 0..<2 {
            let answer = try await thumbnail(small)
            #expect(answer.status == 200)
            #expect(answer.body == (try IIBPicture.noise(20, 10)))
            #expect(answer.headers[.contentType] == "image/WEBP")
        }
    }

    @Test(arguments: ["256", "0x256", "256x0", "4097x256", "-1x5", "axb", "", "256x256x2"])
    func `a size that is none is refused`(_ size: String) async throws {
        let answer = try await thumbnail(large, size: size)
        #expect(answer.status == 400)
        #expect(answer.detail == "Invalid thumbnail size")
    }

    @Test func `path and t must be there`() async throws {
        for query in ["", "?path=/x", "?t=1"] {
            let answer = try await server.get("/image-thumbnail\(query)")
            #expect(answer.status == 422)
            #expect(answer.json["detail"]?.array?.first?["type"] == "missing")
        }
    }

    @Test func `what is not there and what cannot be decoded is 404`() async throws {
        #expect(try await thumbnail(server.root + "/none.png").detail == "Not Found")
        #expect(try await thumbnail(server.root).status == 404)
        let noise = [UInt8](repeating: 65, count: 70_000)
        for name in ["broken.png", "video.mp4", "text.txt"] {
            let path = try server.folder.write(noise, to: "library/\(name)")
            let answer = try await thumbnail(path)
            #expect(answer.status == 404)
            #expect(answer.detail == "Failed to generate thumbnail")
        }
        // A small file that no picture is named so is not passed on as one.
        let text = try server.folder.write("<script>", to: "library/a.html")
        #expect(try await thumbnail(text).detail == "Failed to generate thumbnail")
    }

    @Test func `a picture that is gone is not shown from memory`() async throws {
        #expect(try await thumbnail(large).status == 200)
        try server.folder.remove("library/large.webp")
        #expect(try await thumbnail(large).status == 404)
    }

    @Test func `only what may be read is shown, wherever a link leads`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .library))
        let outside = try server.folder.write(try IIBPicture.noise(300, 200), to: "outside.webp")
        let inside = try server.folder.write(try IIBPicture.noise(300, 200), to: "library/inside.webp")
        let ask = { (path: String) in
            try await server.get("/image-thumbnail?path=\(PercentEncoding.encode(path))&t=1").status
        }
        #expect(try await ask(inside) == 200)
        #expect(try await ask(outside) == 403)
        #expect(try await ask(server.root + "/../outside.webp") == 403)
        try server.folder.link("library/link.webp", to: outside)
        #expect(try await ask(server.root + "/link.webp") == 403)
        // A warm one whose path now leads elsewhere.
        try server.folder.remove("library/inside.webp")
        try server.folder.link("library/inside.webp", to: outside)
        #expect(try await ask(inside) == 403)
    }

    @Test func `a cover needs a media file, and says what is wrong with it`() async throws {
        let video = try server.folder.write(IIBPicture.film, to: "library/v.mp4")
        let fake = try server.folder.write("no video", to: "library/fake.mp4")
        let text = try server.folder.write("text", to: "library/t.txt")
        let ask = { (path: String) in try await server.get("/video_cover", ["path": path, "mt": "1"]) }
        #expect(try await ask(server.root + "/none.mp4").status == 404)
        let foreign = try await ask(text)
        #expect(foreign.status == 400 && foreign.detail == .string("\(text) is not a video file"))
        let named = try await ask(fake)
        #expect(named.status == 400 && named.detail == .string("\(fake) is not a video file"))
        let broken = try await ask(video)
        #expect(broken.status == 500)
        #expect(broken.detail?.string?.hasPrefix("Failed to generate video cover: ") == true)
        #expect(try await server.get("/video_cover?path=/x").status == 422)
    }

    @Test func `a file that is a video by its name only gets no cover`() async throws {
        let fake = try server.folder.write("no video", to: "library/fake.mp4")
        let picture = Data(try IIBPicture.noise(20, 10)).base64EncodedString()
        let body: JSON = ["path": .string(fake), "base64_img": .string(picture), "updated_time": "1"]
        let set = try await server.post("/set_target_frame_as_video_cover", body)
        #expect(set.status == 400 && set.detail == .string("\(fake) is not a video file"))
        #expect(try await server.get("/video_cover", ["path": fake, "mt": "1"]).status == 400)
    }

    @Test func `a chosen cover is returned and shown from then on`() async throws {
        let video = try server.folder.write(IIBPicture.film, to: "library/v.mp4")
        let picture = Data(try IIBPicture.noise(20, 10)).base64EncodedString()
        let body: JSON = [
            "path": .string(video), "base64_img": .string("data:image/webp;base64,\(picture)"), "updated_time": "1",
        ]
        let set = try await server.post("/set_target_frame_as_video_cover", body)
        #expect(set.status == 200)
        #expect(set.headers[.contentType] == "image/webp")
        #expect(IIBPicture.size(set.body) == "20x10")
        let cover = try await server.get("/video_cover", ["path": video, "mt": "1"])
        #expect(cover.status == 200 && cover.body == set.body)
        #expect(cover.headers[.contentType] == "image/webp")
        #expect(cover.headers[.cacheControl] == "no-store")
        for bad in ["", "data:image/png,abc", "&&&&", Data("text".utf8).base64EncodedString()] {
            let body: JSON = ["path": .string(video), "base64_img": .string(bad), "updated_time": "1"]
            #expect(try await server.post("/set_target_frame_as_video_cover", body).status == 400)
        }
        #expect(try await server.get("/video_cover", ["path": video, "mt": "1"]).body == set.body)
    }

    @Test func `who may only read chooses no cover`() async throws {
        let server = try IIBServer(IIBConfiguration(permission: .readOnly))
        let body: JSON = ["path": "/v.mp4", "base64_img": "", "updated_time": "1"]
        #expect(try await server.post("/set_target_frame_as_video_cover", body).status == 403)
    }
}
