import Domain
import Foundation
import HTTPTypes
import Testing

@testable import REST

@Suite struct IIBMediaRoutesTests {
    let server: IIBServer
    let file: String

    init() throws {
        server = try IIBServer()
        file = try server.folder.write("0123456789", to: "library/a b.png")
    }

    private func ask(
        _ endpoint: String,
        _ path: String,
        query: String = "&t=1",
        headers: HTTPFields = [:]
    ) async throws -> TestServer.Answer {
        try await server.get("\(endpoint)?path=\(PercentEncoding.encode(path))\(query)", headers: headers)
    }

    @Test func `a file is sent with its type, a year to keep when it is of the library, and validators`() async throws {
        let answer = try await ask("/file", file)
        #expect(answer.status == 200 && answer.text == "0123456789")
        #expect(answer.headers[.contentType] == "image/png")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000")
        #expect(answer.headers[.expires].flatMap(HTTPDate.seconds).map { $0 > 1_700_000_000 } == true)
        #expect(answer.headers[.acceptRanges] == "bytes")
        #expect(answer.headers[.contentDisposition] == nil)
        #expect(answer.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
        let tag = try #require(answer.headers[.eTag])
        #expect(try await ask("/file", file, headers: [.ifNoneMatch: tag]).status == 304)
        let date = try #require(answer.headers[.lastModified])
        #expect(try await ask("/file", file, headers: [.ifModifiedSince: date]).status == 304)
        #expect(try await ask("/file", file, headers: [.ifModifiedSince: "yesterday"]).status == 200)

        let outside = try server.folder.write("x", to: "outside.png")
        let other = try await ask("/file", outside)
        #expect(other.status == 200 && other.headers[.cacheControl] == nil && other.headers[.expires] == nil)
        let text = try server.folder.write("x", to: "library/a.txt")
        #expect(try await ask("/file", text).headers[.cacheControl] == nil)
    }

    @Test(arguments: [
        ("a.jpg", "image/jpeg"), ("a.JPE", "image/jpeg"), ("a.gif", "image/gif"), ("a.avif", "image/avif"),
        ("a.bmp", "image/bmp"), ("a.mp4", "video/mp4"), ("a.mov", "video/quicktime"), ("a.mkv", "video/x-matroska"),
        ("a.webm", "video/webm"), ("a.ts", "video/mp2t"), ("a.mp3", "audio/mpeg"), ("a.flac", "audio/flac"),
        ("a.unknown", "application/octet-stream"), ("a.wasm", "application/wasm"), ("a", "application/octet-stream"),
    ])
    func `the type is told by the suffix`(_ name: String, _ type: String) async throws {
        let path = try server.folder.write("x", to: "library/\(name)")
        #expect(try await ask("/file", path).headers[.contentType] == type)
        #expect(try await ask("/stream_video", path, query: "").headers[.contentType] == type)
    }

    @Test func `a file to be saved gets the name that is asked for`() async throws {
        let answer = try await ask("/file", file, query: "&t=1&disposition=%E5%9B%BE%20%22x%22.png")
        #expect(answer.headers[.contentDisposition] == "attachment; filename*=UTF-8''%E5%9B%BE%20%22x%22.png")
        let plain = try await ask("/file", file, query: "&t=1&disposition=a%0D%0Ab")
        #expect(plain.headers[.contentDisposition] == "attachment; filename*=UTF-8''a%0D%0Ab")
    }

    @Test func `what is missing, a folder, and a lack of t are told apart`() async throws {
        #expect(try await ask("/file", server.root + "/none").detail == "Not Found")
        #expect(try await ask("/file", server.root + "/none").status == 404)
        for endpoint in ["/file", "/stream_video"] {
            let folder = try await ask(endpoint, server.root)
            #expect(folder.status == 400)
            #expect(folder.detail == .string("\(server.root) is not a file"))
            #expect(try await server.get(endpoint).status == 422)
        }
        #expect(try await ask("/file", file, query: "").status == 422)
        #expect(try await ask("/stream_video", server.root + "/none.mp4", query: "").status == 404)
    }

    @Test(arguments: [
        ("bytes=0-3", "0123", "0-3"), ("bytes=4-", "456789", "4-9"), ("bytes=-3", "789", "7-9"),
        ("bytes=-99", "0123456789", "0-9"), ("bytes=2-99", "23456789", "2-9"), ("bytes=0-0,3-4", "0", "0-0"),
        ("bytes=20-, 3-4", "34", "3-4"), ("bytes=-0,5-5", "5", "5-5"),
    ])
    func `a range is answered with that part, of several with the first that is there`(
        range: String,
        text: String,
        place: String
    ) async throws {
        for (endpoint, query) in [("/file", "&t=1"), ("/img/a%20b.png", "&t=1"), ("/stream_video", "")] {
            let answer = try await ask(endpoint, file, query: query, headers: [.range: range])
            #expect(answer.status == 206)
            #expect(answer.text == text)
            #expect(answer.headers[.contentRange] == "bytes \(place)/10")
        }
    }

    @Test(arguments: ["bytes=", "bytes=a-b", "bytes=3-1", "lines=0-1", "0-1", "bytes=0-1,x", "bytes=0-1,", "bytes=-"])
    func `a range that is none is not there`(range: String) async throws {
        for (endpoint, query) in [("/file", "&t=1"), ("/stream_video", "")] {
            let answer = try await ask(endpoint, file, query: query, headers: [.range: range])
            #expect(answer.status == 200 && answer.text == "0123456789")
        }
    }

    @Test(arguments: ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=10-,20-30"])
    func `a range with nothing in it is 416 and tells the length`(range: String) async throws {
        let file = try await ask("/file", file, headers: [.range: range])
        #expect(file.status == 416)
        #expect(file.headers[.contentRange] == "bytes */10")
        #expect(file.headers[.cacheControl] == "no-store")
        let stream = try await ask("/stream_video", self.file, query: "", headers: [.range: range])
        #expect(stream.status == 416)
        #expect(stream.headers[.contentRange] == "bytes */10")
        #expect(stream.detail == .string("Invalid request range (Range:'\(range)')"))
    }

    @Test func `a part of another version is not sent`() async throws {
        let whole = try await ask("/file", file)
        let tag = try #require(whole.headers[.eTag])
        let date = try #require(whole.headers[.lastModified])
        for known in [tag, date] {
            #expect(try await ask("/file", file, headers: [.range: "bytes=0-1", .ifRange: known]).status == 206)
        }
        for other in ["\"x\"", "W/\(tag)", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            #expect(try await ask("/file", file, headers: [.range: "bytes=0-1", .ifRange: other]).status == 200)
        }
    }

    @Test func `who wants another version gets none`() async throws {
        let whole = try await ask("/file", file)
        let tag = try #require(whole.headers[.eTag])
        let date = try #require(whole.headers[.lastModified])
        let old = "Thu, 01 Jan 1970 00:00:00 GMT"
        let passing: [HTTPFields] = [
            [.ifMatch: tag], [.ifMatch: "\"x\", \(tag)"], [.ifMatch: "*"], [.ifUnmodifiedSince: date],
            [.ifUnmodifiedSince: "yesterday"], [.ifMatch: tag, .ifUnmodifiedSince: old],
        ]
        for headers in passing {
            #expect(try await ask("/file", file, headers: headers).status == 200, "\(headers)")
        }
        let failing: [HTTPFields] = [
            [.ifMatch: "\"q\""], [.ifMatch: "W/\(tag)"], [.ifUnmodifiedSince: old],
            [.ifMatch: "\"q\"", .ifNoneMatch: tag], [.ifMatch: "\"q\"", .range: "bytes=0-1"],
        ]
        for headers in failing {
            let answer = try await ask("/file", file, headers: headers)
            #expect(answer.status == 412 && answer.body.isEmpty, "\(headers)")
            #expect(answer.headers[.eTag] == tag)
        }
        #expect(try await ask("/file", file, headers: [.ifMatch: tag, .ifNoneMatch: tag]).status == 304)
        let picture = try server.folder.write("small", to: "library/small.png")
        let thumbnail = try await ask("/image-thumbnail", picture, headers: [.ifMatch: "\"q\""])
        #expect(thumbnail.status == 412)
    }

    @Test func `what only has the name of a video stands for no folder`() async throws {
        let folder = server.root + "/g"
        for name in ["fake.mp4", "code.ts"] { try server.folder.write("text", to: "library/g/\(name)") }
        try server.folder.write(IIBPicture.film, to: "library/g/film.mp4")
        let answer = try await server.post("/batch_top_4_media_info", ["paths": [.string(folder)]])
        #expect(answer.json[folder]?.array?.compactMap { $0["name"]?.string } == ["film.mp4"])
    }

    @Test func `an empty file has no range`() async throws {
        let empty = try server.folder.write("", to: "library/empty.mp4")
        #expect(try await ask("/stream_video", empty, query: "").status == 200)
        #expect(try await ask("/stream_video", empty, query: "", headers: [.range: "bytes=0-"]).status == 416)
    }

    @Test func `HEAD tells the length and serves no part`() async throws {
        let path = "\(server.base)/stream_video?path=\(PercentEncoding.encode(file))"
        let head = try await server.server.ask(.head, path, headers: [.range: "bytes=0-1"])
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers[.contentLength] == "10")
        #expect(head.headers[.acceptRanges] == "bytes")
    }

    @Test func `a stream says that it is not encoded, and what scripts may read of it`() async throws {
        let answer = try await ask("/stream_video", file, query: "")
        #expect(answer.headers[.contentEncoding] == "identity")
        #expect(answer.headers[.acceptRanges] == "bytes")
        #expect(answer.headers[.accessControlExposeHeaders]?.contains("content-range") == true)
    }

    @Test func `a picture is shown under its own name only`() async throws {
        let answer = try await ask("/img/a%20b.png", file)
        #expect(answer.status == 200 && answer.text == "0123456789")
        #expect(answer.headers[.contentDisposition] == "inline; filename*=UTF-8''a%20b.png")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000")
        let wrong = try await ask("/img/b.png", file)
        #expect(wrong.status == 400 && wrong.detail == "Filename mismatch")
        let video = try server.folder.write("x", to: "library/v.mp4")
        let foreign = try await ask("/img/v.mp4", video)
        #expect(foreign.status == 400 && foreign.detail == "Not an image file")
        #expect(try await ask("/img/none.png", server.root + "/none.png").status == 404)
    }

    @Test func `no path and no link leads out of what may be read`() async throws {
        let server = try IIBServer(IIBConfiguration(rule: .library))
        let outside = try server.folder.write("secret", to: "outside.png")
        try server.folder.link("library/link.png", to: outside)
        for path in [outside, server.root + "/../outside.png", server.root + "/link.png", "/etc/passwd", "", "\0"] {
            for endpoint in ["/file", "/stream_video", "/img/outside.png", "/video_cover"] {
                let answer = try await server.get("\(endpoint)?t=1&mt=1&path=\(PercentEncoding.encode(path))")
                #expect(answer.status == 403, "\(endpoint) \(path)")
            }
        }
        let covers = try await server.post("/batch_top_4_media_info", ["paths": ["/etc"]])
        #expect(covers.status == 403)
    }

    @Test func `the four newest pictures and videos stand for a folder`() async throws {
        let folder = server.root + "/f"
        for name in ["1.png", "2.mp4", "3.txt", "4.jpg", "5.mp3", "6.webp", "7.gif"] {
            try server.folder.write(name == "2.mp4" ? IIBPicture.film : name, to: "library/f/\(name)")
        }
        try server.folder.write("x", to: "library/f/sub/8.png")
        let answer = try await server.post("/batch_top_4_media_info", ["paths": [.string(folder), "/nowhere"]])
        #expect(answer.status == 200)
        let covers = try #require(answer.json[folder]?.array)
        // Files of one instant come in the order of their names, the greatest first or last: all are of these.
        #expect(covers.count == 4)
        #expect(
            covers.allSatisfy { ["1.png", "2.mp4", "4.jpg", "6.webp", "7.gif"].contains($0["name"]?.string ?? "") }
        )
        #expect(covers.first?["name"] == "7.gif")
        for cover in covers {
            let name = try #require(cover["name"]?.string)
            #expect(cover["fullpath"] == .string("\(folder)/\(name)"))
            #expect(cover["media_type"] == (name == "2.mp4" ? "video" : "image"))
            #expect(cover["type"] == "file")
            #expect(cover["date"]?.string?.count == 19 && cover["created_time"]?.string?.count == 19)
        }
        #expect(answer.json["/nowhere"] == [])
        #expect(try await server.post("/batch_top_4_media_info").status == 422)
    }
}
