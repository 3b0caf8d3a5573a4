import Domain
import Foundation
import Testing

@testable import REST

/// The native search over a real library.
@Suite struct MediaRoutesTests {
    let iib: IIBServer

    init() async throws {
        iib = try IIBServer()
        for number in 1...5 {
            try picture("set \(number % 2)/cat_\(number).png", width: UInt8(number), date: 1_700_000_000 + number)
        }
        try picture("top.png", width: 4, date: 1_600_000_000)
        try await iib.index.update()
    }

    /// A GIF of one colour, six pixels high, in the library's folder.
    private func picture(_ name: String, width: UInt8, date: Int) throws {
        let bytes: [UInt8] =
            Array("GIF89a".utf8) + [width, 0, 6, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]
            + [0x2C, 0, 0, 0, 0, width, 0, 6, 0, 0, 2, 2, 0x44, 1, 0, 0x3B]
        try iib.folder.write("", to: "library/" + name)
        let path = iib.root + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let attributes = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: Double(date))]
        try FileManager.default.setAttributes(attributes, ofItemAtPath: path)
    }

    private func names(_ query: String) async throws -> [String] {
        let answer = try await iib.server.get("/api/library/search?" + query)
        #expect(answer.status == 200)
        return (answer.json["items"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    @Test func `a file is found by a seed of 64 bits`() async throws {
        let text = "x\nSteps: 1, Sampler: s, Seed: 18446744073709551615"
        try await iib.index.setText(text, of: iib.root + "/top.png")
        #expect(try await names("seed=18446744073709551615") == ["top.png"])
        #expect(try await names("seed=18446744073709551614") == [])
        #expect(try await names("seed=-1") == [])
        #expect(try await iib.server.get("/api/library/search?seed=x").status == 400)
    }

    @Test func `files are found by text, pattern, folder, kind and ranges`() async throws {
        #expect(try await names("") == ["cat_5.png", "cat_4.png", "cat_3.png", "cat_2.png", "cat_1.png", "top.png"])
        #expect(try await names("text=CAT_4") == ["cat_4.png"])
        #expect(try await names("text=set+1/cat") == ["cat_5.png", "cat_3.png", "cat_1.png"])
        #expect(try await names("text=set%201/cat") == ["cat_5.png", "cat_3.png", "cat_1.png"])
        #expect(try await names("regexp=cat_%5B45%5D&text=ignored") == ["cat_5.png", "cat_4.png"])
        #expect(try await names("without=cat") == ["top.png"])
        let folder = PercentEncoding.encode(iib.root + "/set 0")
        #expect(try await names("folder=\(folder)") == ["cat_4.png", "cat_2.png"])
        #expect(try await names("folder=/nowhere") == [])
        #expect(try await names("kind=video") == [])
        #expect(try await names("kind=image&kind=video&min_width=4&text=cat") == ["cat_5.png", "cat_4.png"])
        #expect(try await names("max_date=1600000000") == ["top.png"])
        #expect(try await names("min_rating=3") == [])
    }

    @Test func `an item says what is known of it`() async throws {
        let answer = try await iib.server.get("/api/library/search?text=top.png&texts=true")
        let item = try #require(answer.json["items"]?.array?.first)
        #expect(item["root"]?.string == iib.root)
        #expect(item["path"] == "top.png" && item["date"] == 1_600_000_000 && item["kind"] == "image")
        #expect(item["width"] == 4 && item["height"] == 6 && item["tags"] == [] && item["text"]?.string != nil)
        #expect(answer.json["cursor"] == nil)
        let short = try await iib.server.get("/api/library/search?text=top.png")
        #expect(short.json["items"]?.array?.first?["text"] == nil)
    }

    @Test func `tags are found by name and id, and a name that is none has no file`() async throws {
        let tag = try await iib.index.addCustomTag("best ones")
        try await iib.index.setTag(tag.id, of: [iib.root + "/top.png", iib.root + "/set 1/cat_3.png"], to: true)
        #expect(try await names("tag=best%20ones") == ["cat_3.png", "top.png"])
        #expect(try await names("tag=best%20ones&no_tag_id=\(tag.id)") == [])
        #expect(try await names("any_tag=best%20ones&any_tag=nothing&text=top") == ["top.png"])
        #expect(try await names("tag=nothing") == [])
        #expect(try await names("any_tag=nothing") == [])
        #expect(try await names("no_tag=best%20ones&text=cat_3") == [])
        let item = try await iib.server.get("/api/library/search?tag_id=\(tag.id)").json["items"]?.array?.first
        #expect(item?["tags"] == ["best ones"])
        let tags = try await iib.server.get("/api/library/tags?type=custom").json["tags"]?.array
        #expect(tags?.map { $0["name"]?.string } == ["like", "best ones"])
        let all = try await iib.server.get("/api/library/tags").json["tags"]?.array ?? []
        #expect(all.count > 2 && all.contains { $0["type"] == "Media Type" && $0["count"] == 6 })
    }

    @Test(arguments: ["newest", "random"])
    func `pages follow one another by the cursor`(sort: String) async throws {
        var seen: [String] = []
        var cursor = ""
        repeat {
            let answer = try await iib.server.get("/api/library/search?limit=2&sort=\(sort)&cursor=\(cursor)")
            seen += (answer.json["items"]?.array ?? []).compactMap { $0["name"]?.string }
            cursor = answer.json["cursor"]?.string ?? ""
        } while !cursor.isEmpty
        #expect(seen.count == 6 && Set(seen).count == 6)
    }

    @Test(
        arguments: [
            ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"), ("regexp=(", "regexp"),
            ("sort=oldest", "sort"), ("cursor=x", "cursor"), ("cursor=n.1", "cursor"), ("cursor=r.0.0.1", "cursor"),
            ("sort=random&cursor=n.1.1", "cursor"), ("kind=model", "kind"), ("folder=relative", "folder"),
            ("min_size=5&max_size=4", "max_size"), ("min_size=1.5", "min_size"), ("tag_id=like", "tag_id"),
            ("min_rating=nan", "min_rating"), ("path_only=maybe", "path_only"),
        ]
    )
    func `what makes no sense is refused by name`(query: String, field: String) async throws {
        let answer = try await iib.server.get("/api/library/search?" + query)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["field"]?.string == field, "\(answer.text)")
    }

    @Test func `folders tell what lies in and below them`() async throws {
        let top = try await iib.server.get("/api/library/folders").json["folders"]?.array
        #expect(top?.map { $0["path"]?.string } == [iib.root])
        #expect(top?.first?["files"] == 6)
        #expect(
            top?.first?["newest"]?.array?.map { $0["name"] } == ["cat_5.png", "cat_4.png", "cat_3.png", "cat_2.png"]
        )
        let path = PercentEncoding.encode(iib.root + "/")
        let below = try await iib.server.get("/api/library/folders?path=" + path).json["folders"]?.array
        #expect(below?.map { $0["path"]?.string } == [iib.root + "/set 0", iib.root + "/set 1"])
        #expect(below?.map { $0["files"] } == [2, 3])
        let leaf = PercentEncoding.encode(iib.root + "/set 0")
        #expect(try await iib.server.get("/api/library/folders?path=" + leaf).text == #"{"folders":[]}"#)
        #expect(try await iib.server.get("/api/library/folders?path=/nowhere").status == 404)
        #expect(try await iib.server.get("/api/library/folders?path=relative").status == 400)
    }

    @Test func `a cursor says what it was made of`() {
        for cursor in [
            MediaSearchCursor(.before(date: -5, id: 7), .newest),
            MediaSearchCursor(.shuffled(key: .max, id: 9), .random(seed: 77)),
        ] {
            #expect(MediaSearchCursor(cursor.text) == cursor)
        }
        for text in ["", "n", "n.1", "n.1.2.3", "r.g.1.1", "r.1.1.", "x.1.1"] {
            #expect(MediaSearchCursor(text) == nil)
        }
    }
}
