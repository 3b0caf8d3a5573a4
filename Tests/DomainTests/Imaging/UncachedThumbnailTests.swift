import Logging
import Synchronization
import Testing

@testable import Domain

/// A cache whose folder takes nothing.
struct UncachedThumbnailTests {
    private final class Lines: Sendable {
        let all: Mutex<[String]> = Mutex([])
    }

    private let files: TemporaryFolder
    private let time = TestTime()
    private let lines = Lines()

    init() throws {
        files = try TemporaryFolder()
    }

    private func cache(_ path: String) -> ThumbnailCache {
        let (time, lines) = (self.time, self.lines)
        return ThumbnailCache(
            folder: CacheFolder(path: path, limit: 1 << 30),
            renderer: PictureRenderer(ffmpeg: nil),
            threads: 2,
            clock: WallClock { time.now },
            logger: Logger(label: "test") { _ in LineLog { line in lines.all.withLock { $0.append(line) } } }
        )
    }

    @Test("Pictures are shown that cannot be kept, and a warning tells it once in a while")
    func shown() async throws {
        let picture = try files.write(TestPicture.png(400, 200), "a.png")
        let file = try files.write([1], "file")
        let size = ThumbnailSize(square: 100)
        for (number, path) in [file, file + "/below", "/proc/nope/iib_cache"].enumerated() {
            let cache = cache(path)
            for version in ["1", "1", "2"] {
                let answer = try await cache.thumbnail(of: picture, version: version, size: size)
                guard case .made(let entry) = answer else {
                    Issue.record("not made")
                    return
                }
                #expect(try PictureDecoder.decode(entry.bytes, side: 256).width == 100)
                #expect(entry.modified == FileStatus(path: picture)?.modified)
            }
            #expect(lines.all.withLock { $0.count } == number + 1)
            #expect(lines.all.withLock { $0.last }?.contains(path) == true)
        }
    }

    @Test("After ten minutes the warning is given again")
    func again() async throws {
        let picture = try files.write(TestPicture.png(400, 200), "a.png")
        let cache = cache(try files.write([1], "file"))
        let ask = { _ = try await cache.thumbnail(of: picture, version: "1", size: ThumbnailSize(square: 100)) }
        for (wait, count) in [(0, 1), (599_999, 1), (1, 2)] {
            time.advance(wait)
            try await ask()
            #expect(lines.all.withLock { $0.count } == count)
        }
    }

    @Test("Who fills the cache, or chooses a cover, is told that it cannot be kept")
    func told() async throws {
        let picture = try files.write(TestPicture.png(400, 200), "a.png")
        let cache = cache(try files.write([1], "file"))
        await #expect(throws: SystemError.self) {
            try await cache.prepare(picture, version: "1", size: ThumbnailSize(square: 100))
        }
        await #expect(throws: SystemError.self) {
            try await cache.setCover(TestPicture.png(40, 20), of: picture, version: "1")
        }
    }
}
