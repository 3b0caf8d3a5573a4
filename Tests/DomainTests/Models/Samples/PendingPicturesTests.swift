import Foundation
import GRDB
import Testing

@testable import Domain

/// Pictures that wait with models, as files of one folder.
struct PendingPicturesTests {
    let bed: SamplesUnderTest
    var pictures: PendingPictures { bed.gallery.pendingPictures }

    init() throws { bed = try SamplesUnderTest() }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bed.test.data[.pending]).sorted()
    }

    /// Writes a record whose meta names these pictures; answers its id.
    private func record(_ images: JSON, path: String = "/models/x.safetensors") throws -> Int {
        let meta: JSON = ["images": images]
        return try bed.store.pool.write { database in
            try database.execute(
                sql: "INSERT INTO pending_model (path, meta) VALUES (?, ?)",
                arguments: [path, meta.text]
            )
            return Int(database.lastInsertedRowID)
        }
    }

    @Test("A picture is kept byte for byte, under the suffix of what it is, and found with it and without")
    func keep() async throws {
        let kinds = [
            ("png", try TestPicture.png(4, 4)), ("jpg", try TestPicture.jpeg(4, 4)),
            ("webp", try TestPicture.webP(4, 4)),
            ("gif", Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8)),
        ]
        for (suffix, bytes) in kinds {
            let name = try pictures.add(bytes, named: "of \(suffix).anything")
            #expect(name == "of \(suffix).\(suffix)")
            for asked in [name, "of \(suffix)"] {
                let path = try #require(try await bed.gallery.pendingPicture(named: asked))
                #expect(path == bed.test.data[.pending] + "/" + name)
                #expect(try WholeFile.read(path, limit: 10_000) == bytes)
            }
        }
        #expect(try await bed.gallery.pendingPicture(named: "none") == nil)
        // Nothing of the folder is a part of the library.
        try bed.test.scan()
        #expect(try bed.test.library.libraryCounts().files == 0)
    }

    @Test("A name that is taken, under whichever suffix, gets a number")
    func taken() throws {
        #expect(try pictures.add(TestPicture.png(4, 4), named: "x") == "x.png")
        #expect(try pictures.add(TestPicture.png(4, 5), named: "x.jpg") == "x-2.png")
        #expect(try pictures.add(TestPicture.jpeg(4, 4), named: "x.png") == "x-3.jpg")
        #expect(try names() == ["x-2.png", "x-3.jpg", "x.png"])
    }

    @Test(
        "Names are made of the last part of any text",
        arguments: [
            ("../../etc/passwd", "passwd.png"), ("C:\\pictures\\a.b.png", "a.b.png"), ("", "picture.png"),
            ("..", "picture.png"), (".", "picture.png"), ("/", "picture.png"), (".hidden.png", "hidden.png"),
            ("a\u{0}b\nc.png", "abc.png"), ("größe.webp", "größe.png"),
        ]
    )
    func stems(_ given: String, _ expected: String) throws {
        #expect(try pictures.add(TestPicture.png(4, 4), named: given) == expected)
        #expect(try names() == [expected])
    }

    @Test("A very long name is cut between characters")
    func longName() throws {
        let name = try pictures.add(TestPicture.png(4, 4), named: String(repeating: "é", count: 500))
        #expect(name == String(repeating: "é", count: 100) + ".png")
        #expect(pictures.path(named: name) != nil)
    }

    @Test(
        "No name leads out of the folder, to a folder, a link, or what is being written",
        arguments: [
            "../vitrine", "../vitrine.db", "..", ".", "", "/", "../pending/../vitrine.db", "folder", "link", "link.png",
            ".x.whole", "a\0", "vitrine.db", String(repeating: "x", count: 300),
        ]
    )
    func escapes(_ name: String) throws {
        try bed.test.folder.makeFolder("data/pending/folder")
        try bed.test.folder.link("data/pending/link.png", to: bed.test.data.database)
        try bed.test.folder.write([1], "data/pending/.x.whole")
        #expect(pictures.path(named: name) == nil)
        pictures.remove([name])
        #expect(FileManager.default.fileExists(atPath: bed.test.data.database))
        #expect(try names() == [".x.whole", "folder", "link.png"])
    }

    @Test("What is no picture is not kept")
    func refused() throws {
        for bytes in [[], Array("text".utf8), Array("fLaC\0\0\0\u{22}".utf8), Array("\u{89}PNG".utf8)] {
            #expect {
                try pictures.add(bytes, named: "x")
            } throws: { error in
                if case .badPicture? = error as? ModelGalleryError { true } else { false }
            }
        }
        let small = PendingPictures(folder: pictures.folder, limits: PictureLimits(bytes: 10))
        #expect(throws: ModelGalleryError.self) { try small.add(TestPicture.png(4, 4), named: "x") }
        #expect(try names().isEmpty)
    }

    @Test("A file's copy is kept; a link, a folder and nothing at all are not")
    func copies() throws {
        let bytes = try TestPicture.png(4, 4)
        let path = try bed.test.folder.write(bytes, "models/x.preview.png")
        #expect(try pictures.add(fileAt: path, named: "x") == "x.png")
        #expect(try WholeFile.read(#require(pictures.path(named: "x")), limit: 10_000) == bytes)
        #expect(FileManager.default.fileExists(atPath: path))
        try bed.test.folder.link("models/link.png", to: path)
        for name in ["link.png", "none.png", "."] {
            #expect(throws: (any Error).self) {
                try pictures.add(fileAt: bed.test.folder.path + "/models/" + name, named: "y")
            }
        }
        #expect(try names() == ["x.png"])
    }

    @Test("A record's picture is the first that it names, whatever else its list holds")
    func ofRecord() async throws {
        try pictures.remove([pictures.add(TestPicture.png(4, 4), named: "gone")])
        _ = try pictures.add(TestPicture.png(4, 4), named: "x")
        let path = bed.test.data[.pending] + "/x.png"
        for (index, images) in ([["x.png", "gone"], ["x"], ["C:\\old\\x.png"], ["/a/x.png"]] as [JSON]).enumerated() {
            let id = try record(images, path: "/\(index)")
            #expect(try await bed.gallery.pendingPicture(of: id) == path)
        }
        for (index, images) in ([[], "x.png", .null, 5, [.null], ["../vitrine.db"], ["gone", "x"]] as [JSON])
            .enumerated()
        {
            let id = try record(images, path: "/no/\(index)")
            #expect(try await bed.gallery.pendingPicture(of: id) == nil, "\(images)")
        }
        #expect(try await bed.gallery.pendingPicture(of: 12345) == nil)
    }

    @Test("The first picture of a record becomes a sample in the transaction of its import")
    func promoted() throws {
        let name = try pictures.add(TestPicture.jpeg(30, 20), named: "x")
        let arriving = try #require(try bed.gallery.prepareSample(fromPending: [name, "y"], for: bed.hash))
        #expect(try bed.samples.count(bed.hash) == 0)
        let (number, count) = try bed.store.pool.write { database in
            (try Store.placeSample(arriving.id, database), try Store.sampleCount(bed.hash, database))
        }
        #expect(number == 0 && count == 1)
        bed.samples.settle(arriving)
        #expect(try bed.samples.count(bed.hash) == 1)
        #expect(try bed.test.library.libraryCounts().files == 1)
        #expect(pictures.path(named: name) != nil)
        pictures.remove([name, name, "none"])
        #expect(try names().isEmpty)
        // One that is missing is skipped, one that is none is not.
        #expect(try bed.gallery.prepareSample(fromPending: [name], for: bed.hash) == nil)
        #expect(try bed.gallery.prepareSample(fromPending: [], for: bed.hash) == nil)
        let broken = try pictures.add(Array(TestPicture.png(40, 40).prefix(60)), named: "broken")
        #expect(throws: ModelGalleryError.self) {
            try bed.gallery.prepareSample(fromPending: [broken], for: bed.hash)
        }
    }

    @Test("A start removes the pictures that no record names, and what was being written")
    func recover() throws {
        for name in ["kept", "short", "path", "orphan"] { _ = try pictures.add(TestPicture.png(4, 4), named: name) }
        _ = try record(["kept.png", "missing"], path: "/1")
        _ = try record(["short"], path: "/2")
        _ = try record(["old/path.png"], path: "/3")
        try bed.test.folder.write([1], "data/pending/.x.whole")
        try bed.restart()
        #expect(try names() == ["kept.png", "path.png", "short.png"])
    }
}
