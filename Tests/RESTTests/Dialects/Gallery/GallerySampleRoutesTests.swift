import HTTPTypes
import OrderedCollections
import Testing

@testable import Domain
@testable import REST

/// The sample pictures of models (contracts/gallery.md §3 and §4).
@Suite struct GallerySampleRoutesTests {
    private let server: GalleryServer
    private let hash = String(repeating: "a", count: 64)

    init() throws { server = try GalleryServer() }

    /// Uploads pictures that are told apart by their widths.
    private func upload(_ widths: Int...) async throws {
        for width in widths {
            let answer = try await server.upload(TestPNG.bytes(width: width, height: 10), hash)
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    /// The size of the picture at a path; `nil` when none is there.
    private func size(_ path: String) async throws -> String? {
        let answer = try await server.get("/api/images/" + path)
        guard answer.status == 200 else {
            #expect(answer.status == 404)
            return nil
        }
        #expect(answer.headers[.contentType] == "image/webp")
        return IIBPicture.size(answer.body)
    }

    private func sizes() async throws -> [String?] {
        let count = try #require(try await server.get("/api/images/get_img_num?sha256=\(hash)").json["count"]?.int)
        var sizes: [String?] = []
        for number in 0..<count { sizes.append(try await size("\(hash).webp?seq=\(number)")) }
        #expect(try await size("\(hash).webp?seq=\(count)") == nil)
        return sizes
    }

    // MARK: - Upload

    @Test func `uploads get the next numbers, and hashes of upper case are the same`() async throws {
        let picture = TestPNG.bytes(width: 30, height: 20)
        let first = try await server.upload(picture, hash)
        #expect(first.text == #"{"status":"success","base_name":"\#(hash)_0"}"#)
        #expect(try await server.upload(picture, " \(hash.uppercased())\r\n").json["base_name"]?.string == "\(hash)_1")
        let other = String(repeating: "b", count: 64)
        #expect(try await server.upload(picture, other).json["base_name"]?.string == "\(other)_0")
    }

    @Test func `what is missing or no form is told in the contract's words`() async throws {
        let picture = TestPNG.bytes(width: 4, height: 4)
        let forms: [([UInt8]?, String?)] = [(picture, nil), (nil, hash), ([], hash), (picture, ""), (nil, nil)]
        for (bytes, hash) in forms {
            let answer = try await server.upload(bytes, hash)
            #expect(answer.status == 400)
            #expect(answer.error == "Missing image or sha256")
        }
        for type in ["application/json", "multipart/mixed; boundary=xyz", "text/plain"] {
            let answer = try await server.upload(picture, hash, type: type)
            #expect(answer.status == 400)
            #expect(answer.error == "Content-Type must be multipart/form-data")
        }
        for type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"] {
            let answer = try await server.upload(picture, hash, type: type)
            #expect(answer.status == 400)
            #expect(answer.error?.contains("multipart") == true)
        }
        for hash in ["x", String(repeating: "g", count: 64), "../../\(hash)"] {
            #expect(try await server.upload(picture, hash).status == 400)
        }
        let broken = try await server.upload(Array("no picture at all".utf8), hash)
        #expect(broken.status == 400)
        #expect(broken.error?.hasPrefix("Invalid image") == true)
        #expect(try await sizes() == [])
    }

    @Test func `an upload that is too long is refused before and while it is read`() async throws {
        let server = try GalleryServer(limits: HTTPLimits(bodyBytes: 2000))
        #expect(try await server.upload([UInt8](repeating: 0, count: 2000), hash).status == 413)
        let long = String(repeating: "a", count: 1500)
        #expect(try await server.upload([1], long).status == 413)
    }

    // MARK: - Pictures

    @Test func `a picture is had by hash and number, by base name, and with or without the suffix`() async throws {
        try await upload(100, 50)
        let paths = [
            "\(hash).webp", hash, "\(hash).webp?seq=0", "\(hash)_0.webp", "\(hash)_0", "\(hash.uppercased()).webp",
            "\(hash)_0.webp?seq=1", "\(hash)_00.webp", "%61\(hash.dropFirst()).webp",
        ]
        for path in paths { #expect(try await size(path) == "100x10", "\(path)") }
        for path in ["\(hash).webp?seq=1", "\(hash)?seq=1", "\(hash)_1.webp", "\(hash)_1?seq=0"] {
            #expect(try await size(path) == "50x10", "\(path)")
        }
    }

    @Test func `qualities have their sizes; an unknown one is high`() async throws {
        try await upload(100)
        #expect(try await size("\(hash).webp?quality=high") == "100x10")
        #expect(try await size("\(hash).webp?quality=medium") == "66x6")
        #expect(try await size("\(hash)_0?quality=low") == "33x3")
        for word in ["", "HIGH", "best", "3"] {
            #expect(try await size("\(hash).webp?quality=\(word)") == "100x10")
        }
    }

    @Test func `what there is none of is not found, in plain text`() async throws {
        try await upload(10)
        let paths = [
            "\(hash).webp?seq=1", "\(hash).webp?seq=-1", "\(hash).webp?seq=x", "\(hash).webp?seq=", "\(hash)_1.webp",
            "\(hash)_.webp", "\(hash)_x", "\(hash)_0_0.webp", "\(hash)_-1.webp", "\(hash)_99999999999999999999.webp",
            "\(hash).png", "x.webp", "\(hash)0.webp", String(repeating: "b", count: 64) + ".webp",
            "..%2f\(hash)_0.webp", "%ff.webp", "\(hash).webp.webp",
        ]
        for path in paths {
            let answer = try await server.get("/api/images/" + path)
            #expect(answer.status == 404, "\(path)")
            #expect(answer.text == "Image not found")
            #expect(answer.headers[.contentType] == "text/plain; charset=utf-8")
        }
    }

    @Test func `a picture is to be asked for again each time, and answered by its tag`() async throws {
        try await upload(100, 50)
        let path = "/api/images/\(hash).webp"
        let answer = try await server.get(path)
        let tag = try #require(answer.headers[.eTag])
        #expect(answer.headers[.cacheControl] == "no-cache")
        #expect(answer.headers[.lastModified] == nil)
        let known = try await server.get(path, headers: [.ifNoneMatch: tag])
        #expect(known.status == 304)
        #expect(known.body == [])
        #expect(known.headers[.eTag] == tag)
        let low = try await server.get(path + "?quality=low")
        #expect(low.headers[.eTag] != tag)
        // A date says nothing of what the number means now.
        let since: HTTPFields = [.ifModifiedSince: "Sun, 06 Nov 2094 08:49:37 GMT"]
        #expect(try await server.get(path, headers: since).status == 200)
        let head = try await server.send(.head, path)
        #expect(head.status == 200)
        #expect(head.body == [])
        #expect(head.headers[.contentLength] == String(answer.body.count))
        #expect(head.headers[.eTag] == tag)
        // After the shift the address means another picture, which those who know the old one are sent.
        _ = try await server.send(.delete, "/api/images/delete?sha256=\(hash)&seq=0")
        let shifted = try await server.get(path, headers: [.ifNoneMatch: tag])
        #expect(shifted.status == 200)
        #expect(IIBPicture.size(shifted.body) == "50x10")
    }

    // MARK: - Numbers

    @Test func `the number of pictures is told under both names, 0 for what nobody knows`() async throws {
        try await upload(10, 11, 12)
        for path in ["get_img_num", "get_img_count"] {
            #expect(try await server.get("/api/images/\(path)?sha256=\(hash.uppercased())").text == #"{"count":3}"#)
            for other in [String(repeating: "b", count: 64), "x", "..%2f.."] {
                #expect(try await server.get("/api/images/\(path)?sha256=\(other)").text == #"{"count":0}"#)
            }
            for query in ["", "?sha256=", "?hash=\(hash)"] {
                let answer = try await server.get("/api/images/\(path)\(query)")
                #expect(answer.status == 400)
                #expect(answer.error == "sha256 is required")
            }
        }
    }

    @Test func `addresses come in the order of the numbers, ten behind nine`() async throws {
        for width in 10..<21 { try await upload(width) }
        let expected = (0..<11).map { JSON.string("/api/images/\(hash)_\($0).webp?quality=low") }
        for name in ["sha256", "hash"] {
            let body: JSON = .object([name: .string(hash.uppercased()), "quality": "low"])
            let answer = try await server.post("/api/images/get_sample_imgs", body)
            #expect(answer.json == ["images": .array(expected), "quality": "low", "count": 11])
        }
        #expect(try await size("\(hash)_10.webp") == "20x10")
        for quality in [JSON.null, "best", 7] {
            let body: JSON = ["sha256": .string(hash), "quality": quality]
            let answer = try await server.post("/api/images/get_sample_imgs", body)
            #expect(answer.json["quality"] == "high")
        }
        let none = try await server.post("/api/images/get_sample_imgs", ["sha256": "nobody"])
        #expect(none.text == #"{"images":[],"quality":"high","count":0}"#)
        for body in [[:], ["sha256": 7], ["sha256": ""], ["sha256": .null]] as [JSON] {
            let answer = try await server.post("/api/images/get_sample_imgs", body)
            #expect(answer.status == 400)
            #expect(answer.error == "sha256 is required")
        }
    }

    // MARK: - Removal

    @Test func `a removed picture goes and those after it move down`() async throws {
        try await upload(10, 20, 30, 40)
        let answer = try await server.send(.delete, "/api/images/delete?sha256=\(hash.uppercased())&seq=1")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"status":"success"}"#)
        #expect(try await sizes() == ["10x10", "30x10", "40x10"])
        _ = try await server.send(.delete, "/api/images/delete?sha256=\(hash)&seq=2")
        #expect(try await sizes() == ["10x10", "30x10"])
        try await upload(50)
        #expect(try await sizes() == ["10x10", "30x10", "50x10"])
    }

    @Test func `the models' counts follow`() async throws {
        try server.model("a")
        try await upload(10, 20)
        func counts() async throws -> [Int?] {
            let model = try await server.get("/api/models/\(hash)").json
            let text = try JSONParser.parse(model["meta_json"]?.string ?? "")
            let list = try await server.get("/api/models?type=loras").json["models"]?.array
            return [model["meta"]?["images_count"]?.int, text["images_count"]?.int, list?.first?["images_count"]?.int]
        }
        #expect(try await counts() == [2, 2, 2])
        _ = try await server.send(.delete, "/api/images/delete?sha256=\(hash)&seq=0")
        #expect(try await counts() == [1, 1, 1])
    }

    @Test func `what cannot be removed is told in the contract's words`() async throws {
        try await upload(10)
        let cases = [
            ("", 400, "sha256 and seq are required"), ("sha256=\(hash)", 400, "sha256 and seq are required"),
            ("seq=0", 400, "sha256 and seq are required"), ("sha256=\(hash)&seq=", 400, "sha256 and seq are required"),
            ("sha256=\(hash)&seq=x", 400, "seq must be an integer"),
            ("sha256=\(hash)&seq=1.0", 400, "seq must be an integer"),
            ("sha256=\(hash)&seq=1", 404, "Image sequence 1 not found for \(hash)"),
            ("sha256=\(hash)&seq=-1", 404, "Image sequence -1 not found for \(hash)"),
            (
                "sha256=\(hash)&seq=%2B99999999999999999999999", 404,
                "Image sequence 99999999999999999999999 not found for \(hash)"
            ), ("sha256=\(hash)&seq=%20%2B02%20", 404, "Image sequence 2 not found for \(hash)"),
            ("sha256=../x&seq=0", 404, "Image sequence 0 not found for ../x"),
        ]
        for (query, status, text) in cases {
            let answer = try await server.send(.delete, "/api/images/delete?\(query)")
            #expect(answer.status == status)
            #expect(answer.error == text)
        }
        #expect(try await sizes() == ["10x10"])
    }

    @Test func `while pictures are removed, number 0 is read without a gap until the last is gone`() async throws {
        try await upload(10, 11, 12, 13, 14, 15, 16, 17)
        let (server, hash) = (server, hash)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let path = "/api/images/delete?sha256=\(hash)&seq=0"
            group.addTask {
                for _ in 0..<7 {
                    let status = try await server.send(.delete, path).status
                    #expect(status == 200)
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<60 {
                        let answer = try await server.get("/api/images/\(hash).webp")
                        #expect(answer.status == 200)
                        #expect(IIBPicture.size(answer.body) != nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await sizes() == ["17x10"])
    }

    /// Removes a file that the gallery knows behind its back.
    private func lose(_ number: Int, _ quality: SampleQuality) async throws {
        let sample = try #require(try await server.gallery.sample(try GalleryServer.hash("a"), number, quality))
        try server.folder.remove(String(sample.path.dropFirst(server.folder.path.count + 1)))
    }

    @Test func `a lost small file is made again; a picture that somebody removed gives its number to the next`()
        async throws
    {
        try await upload(100, 200)
        try await lose(0, .low)
        #expect(try await size("\(hash).webp?quality=low") == "33x3")
        try await lose(0, .high)
        #expect(try await size("\(hash).webp?quality=low") == "66x3")
        #expect(try await sizes() == ["200x10"])
        try await lose(0, .high)
        #expect(try await size("\(hash).webp") == nil)
        #expect(try await sizes() == [])
    }
}
