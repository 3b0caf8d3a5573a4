import Foundation
import Testing

@testable import Domain

struct ThumbnailPreparingTests {
    @Test("All pictures of the index get their thumbnails, once, under the names by which clients ask")
    func all() async throws {
        let test = try TestLibrary()
        try test.library.addRoot(test.data[.output])
        for index in 0..<20 {
            try test.folder.write(TestPicture.png(40, 20, blue: UInt8(index)), "data/output/f/\(index).png")
        }
        try test.folder.write(TestPicture.png(40, 20, blue: 99), "data/output/top.png")
        let whole = try TestPicture.png(60, 60)
        try test.folder.write(Array(whole.prefix(whole.count / 2)), "data/output/cut.png")
        try test.scan()
        let cache = ThumbnailCache(
            folder: CacheFolder(path: test.folder.path + "/cache", limit: 1 << 30),
            renderer: PictureRenderer(ffmpeg: nil),
            threads: 2
        )
        let size = try #require(ThumbnailSize("8x8"))
        let version: @Sendable (Int) -> String = { "at \($0)" }
        let media = try test.store.media(after: 0, limit: 100)
        #expect(media.count == 22)
        #expect(try test.store.mediaToShow() == 22)
        let first = try await cache.prepareAll(of: test.store, size: size, version: version)
        #expect(first == ThumbnailCache.Prepared(made: 21, present: 0, failed: 1))
        let again = try await cache.prepareAll(of: test.store, size: size, version: version)
        #expect(again == ThumbnailCache.Prepared(made: 0, present: 21, failed: 1))
        for (_, path, date) in media {
            #expect(FileManager.default.fileExists(atPath: path))
            let name = CacheName.thumbnail(path, version: "at \(date)", size: size)
            #expect(cache.folder.has(name) == !path.hasSuffix("cut.png"))
        }
    }
}
