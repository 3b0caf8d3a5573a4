import Foundation
import Testing

@testable import Domain

struct LibraryPreviewsTests {
    let test: TestLibrary
    let cache: ThumbnailCache

    init() throws {
        test = try TestLibrary()
        try test.library.addRoot(test.data[.output])
        let renderer = PictureRenderer(ffmpeg: nil)
        cache = ThumbnailCache(
            folder: CacheFolder(path: test.folder.path + "/cache", limit: 1 << 30),
            renderer: renderer,
            previews: LibraryPreviews(store: test.library.store, data: test.data, renderer: renderer),
            threads: 2
        )
    }

    @discardableResult
    private func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try test.folder.write(bytes, "data/output/\(name)")
        return test.data[.output] + "/" + name
    }

    /// Where the library keeps the thumbnail of a file.
    private func kept(_ name: String) throws -> String {
        let item = try #require(try test.library.newest(limit: 1000).first { $0.name == name })
        return test.data.thumbnail(try #require(ContentHash(hex: item.sha256)))
    }

    private func asked(_ path: String, _ size: String = "256x256", version: String = "t") async throws -> [UInt8] {
        let size = try #require(ThumbnailSize(size))
        guard case .made(let entry) = try await cache.thumbnail(of: path, version: version, size: size) else {
            throw TestPicture.Missing()
        }
        return entry.bytes
    }

    private func width(_ bytes: [UInt8]) -> Int? { PictureDecoder.inspect(bytes).header?.width }

    private func runTask() async throws -> JSON {
        try await ThumbnailsKind(library: test.library, data: test.data).run(test.context())
    }

    @Test("A thumbnail that the library has is taken from there, and only one of its size")
    func present() async throws {
        let path = try write(TestPicture.png(600, 300), "a.png")
        try test.scan()
        #expect(try await runTask()["made"] == 1)
        // Another picture stands for it, so that it can be told where the answer came from.
        let mark = try Thumbnail.make(TestPicture.png(250, 20))
        try Data(mark).write(to: URL(filePath: kept("a.png")))
        #expect(try await asked(path) == mark)
        #expect(width(try await asked(path, "200x200")) == 200)
        #expect(width(try await asked(path, "256x200")) == 256)
        #expect(try await asked(path, "256x200") != mark)
    }

    @Test("A thumbnail that the library wants is made once, by who asks for it first, and is the library's too")
    func wanted() async throws {
        let path = try write(TestPicture.png(600, 300), "a.png")
        try test.scan()
        let bytes = try await asked(path)
        #expect(width(bytes) == 256)
        let kept = try kept("a.png")
        #expect(FileManager.default.contents(atPath: kept).map { Array($0) } == bytes)
        let mark = try Thumbnail.make(TestPicture.png(250, 20))
        try Data(mark).write(to: URL(filePath: kept))
        #expect(try await runTask()["made"] == 1)
        #expect(FileManager.default.contents(atPath: kept).map { Array($0) } == mark, "the task has made it again")
    }

    @Test("A file that changed since the library looked is shown as it is now")
    func changed() async throws {
        let path = try write(TestPicture.png(600, 300), "a.png")
        try test.scan()
        #expect(try await runTask()["made"] == 1)
        try write(TestPicture.png(300, 600), "a.png")
        #expect(width(try await asked(path)) == 128)
    }

    @Test("A thumbnail of the library that is gone or damaged is made again", arguments: [nil, "RIFF\u{4}"])
    func damaged(_ text: String?) async throws {
        let path = try write(TestPicture.png(600, 300), "a.png")
        try test.scan()
        #expect(try await runTask()["made"] == 1)
        let kept = try kept("a.png")
        try FileManager.default.removeItem(atPath: kept)
        if let text { try Data(text.utf8).write(to: URL(filePath: kept)) }
        #expect(width(try await asked(path)) == 256)
        #expect(width(FileManager.default.contents(atPath: kept).map { Array($0) } ?? []) == 256)
    }

    @Test("What has no thumbnail says why, whoever found it out")
    func failed() async throws {
        let whole = try TestPicture.png(600, 300)
        let path = try write(Array(whole.prefix(whole.count / 2)), "broken.png")
        try test.scan()
        let before = await #expect(throws: ThumbnailCache.Failure.self) {
            _ = try await cache.prepare(path, version: "t", size: ThumbnailSize(square: 256))
        }
        #expect(try await runTask()["failed"] == 1)
        let after = await #expect(throws: ThumbnailCache.Failure.self) {
            _ = try await cache.prepare(path, version: "u", size: ThumbnailSize(square: 256))
        }
        #expect(before == after)
    }

    @Test("A file that is not the library's has a thumbnail too")
    func strange() async throws {
        let path = try test.folder.write(TestPicture.png(600, 300), "elsewhere/a.png")
        #expect(width(try await asked(path)) == 256)
    }
}
