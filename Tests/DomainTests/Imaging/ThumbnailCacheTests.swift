import Foundation
import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

struct ThumbnailCacheTests {
    private let files: TemporaryFolder
    private let time = TestTime()

    init() throws {
        files = try TemporaryFolder()
    }

    private func cache(limit: Int = 1 << 30, threads: Int = 2) -> ThumbnailCache {
        let time = self.time
        return ThumbnailCache(
            folder: CacheFolder(path: files.path + "/cache/iib_cache", limit: limit),
            renderer: PictureRenderer(ffmpeg: nil),
            threads: threads,
            clock: WallClock { time.now }
        )
    }

    /// A picture of more bytes than stand for themselves.
    private func picture(_ name: String, _ width: Int = 400, _ height: Int = 200) throws -> String {
        try files.write(TestPicture.png(width, height), name)
    }

    private func size(_ text: String) throws -> ThumbnailSize { try #require(ThumbnailSize(text)) }

    private func made(_ answer: ThumbnailCache.Answer) throws -> [UInt8] {
        guard case .made(let entry) = answer else { throw TestPicture.Missing() }
        return entry.bytes
    }

    private func stored() -> [String] {
        let all = FileManager.default.enumerator(atPath: files.path + "/cache")?.compactMap { $0 as? String } ?? []
        return all.filter { $0.contains(".webp") || $0.contains(".part") }.sorted()
    }

    @Test("A name is the MD5 of path and version, and the size")
    func names() throws {
        let name = CacheName.thumbnail("/a/b.png", version: "2024-01-02 03:04:05", size: try size("512x384"))
        #expect(CacheName.md5("abc") == "900150983cd24fb0d6963f7d28e17f72")
        #expect(CacheName.md5("") == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(name.folder == CacheName.md5("/a/b.png2024-01-02 03:04:05"))
        #expect(name.file == "512x384.webp")
        #expect(name.tag == name.folder + "512x384")
        let cover = CacheName.cover("/v.mp4", version: "1")
        #expect(cover.folder == "video_cover/" + CacheName.md5("/v.mp41"))
        #expect(cover.file == "cover.webp")
    }

    @Test("A thumbnail is made, kept where others look for it, and read from there afterwards")
    func made() async throws {
        let path = try picture("a.png")
        let cache = cache()
        let bytes = try made(await cache.thumbnail(of: path, version: "t", size: size("100x100")))
        let header = PictureDecoder.inspect(bytes).header
        #expect([header?.width, header?.height] == [100, 50])
        #expect(stored() == ["iib_cache/\(CacheName.md5(path + "t"))/100x100.webp"])
        // The version tells: a changed file under the same one is not looked at.
        try files.write(TestPicture.png(300, 300), "a.png")
        #expect(try made(await cache.thumbnail(of: path, version: "t", size: size("100x100"))) == bytes)
        let other = try made(await cache.thumbnail(of: path, version: "u", size: size("100x100")))
        #expect(PictureDecoder.inspect(other).header?.height == 100)
        // Another process finds it too.
        try files.remove("a.png")
        #expect(try made(await self.cache().thumbnail(of: path, version: "t", size: size("100x100"))) == bytes)
    }

    @Test("A small picture stands for itself, unless a thumbnail is there")
    func small() async throws {
        let path = try files.write(TestPicture.jpeg(60, 40), "small.jpg")
        let cache = cache()
        guard case .original(let original) = try await cache.thumbnail(of: path, version: "t", size: size("8x8")) else {
            Issue.record("a thumbnail was made")
            return
        }
        #expect(try original.bytes == TestPicture.jpeg(60, 40))
        #expect(try await cache.prepare(path, version: "t", size: size("8x8")))
        #expect(try await !cache.prepare(path, version: "t", size: size("8x8")))
        let bytes = try made(await cache.thumbnail(of: path, version: "t", size: size("8x8")))
        #expect(PictureDecoder.inspect(bytes).header?.width == 8)
    }

    @Test("A link to a picture leads to it")
    func link() async throws {
        let path = try picture("a.png")
        try files.link("l.png", to: path)
        let bytes = try made(await cache().thumbnail(of: files.path + "/l.png", version: "t", size: size("9x9")))
        #expect(PictureDecoder.inspect(bytes).header?.width == 9)
    }

    @Test("What is not there is missing, what cannot be decoded says so")
    func failures() async throws {
        let cache = cache()
        await #expect(throws: ThumbnailCache.Failure.missing) {
            try await cache.thumbnail(of: files.path + "/none.png", version: "t", size: size("9x9"))
        }
        await #expect(throws: ThumbnailCache.Failure.missing) {
            try await cache.thumbnail(of: files.path, version: "t", size: size("9x9"))
        }
        let text = try files.write([UInt8](repeating: 65, count: 100_000), "text.png")
        let empty = try files.write([], "empty.mp4")
        let cut = try files.write(Array(TestPicture.png(400, 200).prefix(90_000)), "cut.png")
        for path in [text, empty, cut] {
            await #expect {
                _ = try await cache.thumbnail(of: path, version: "t", size: size("9x9"))
            } throws: { error in
                if case .undecodable? = error as? ThumbnailCache.Failure { true } else { false }
            }
        }
        #expect(stored().isEmpty)
    }

    @Test("A failure is remembered for ten seconds, as long as the file is the same")
    func remembered() async throws {
        let cache = cache()
        let path = try files.write([UInt8](repeating: 65, count: 100_000), "a.png")
        let state = try #require(FileStatus(path: path))
        let ask = { try await cache.thumbnail(of: path, version: "t", size: ThumbnailSize(square: 9)) }
        await #expect(throws: ThumbnailCache.Failure.self) { try await ask() }
        // A whole picture of the same length and time: not looked at before the time has come.
        var whole = try TestPicture.png(150, 150)
        whole += [UInt8](repeating: 0, count: 100_000 - whole.count)
        try files.write(whole, "a.png")
        let (seconds, nanoseconds) = state.modified.quotientAndRemainder(dividingBy: 1_000_000_000)
        let stamp = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
        #expect(utimensat(AT_FDCWD, path, [stamp, stamp], 0) == 0)
        time.advance(9_999)
        await #expect(throws: ThumbnailCache.Failure.self) { try await ask() }
        time.advance(1)
        #expect(try PictureDecoder.inspect(made(await ask())).header?.width == 9)
    }

    @Test("A file that changed is tried at once")
    func repaired() async throws {
        let cache = cache()
        let path = try files.write([UInt8](repeating: 65, count: 100_000), "a.png")
        let ask = { try await cache.thumbnail(of: path, version: "t", size: ThumbnailSize(square: 9)) }
        await #expect(throws: ThumbnailCache.Failure.self) { try await ask() }
        _ = try picture("a.png")
        let bytes = try made(await ask())
        #expect(PictureDecoder.inspect(bytes).header?.width == 9)
    }

    @Test("Half a thumbnail is made anew")
    func half() async throws {
        let path = try picture("a.png")
        let cache = cache()
        let bytes = try made(await cache.thumbnail(of: path, version: "t", size: size("64x64")))
        let name = "cache/iib_cache/\(CacheName.md5(path + "t"))/64x64.webp"
        for broken in [Array(bytes.dropLast()), [], Array("RIFF".utf8)] {
            try files.write(broken, name)
            #expect(try made(await cache.thumbnail(of: path, version: "t", size: size("64x64"))) == bytes)
        }
    }

    @Test("Many who ask at once get the same, and one file")
    func concurrent() async throws {
        let path = try picture("a.png", 900, 900)
        let cache = cache()
        let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try made(await cache.thumbnail(of: path, version: "t", size: ThumbnailSize(square: 50)))
                }
            }
            var answers: [[UInt8]] = []
            for try await answer in group { answers.append(answer) }
            return answers
        }
        #expect(Set(answers).count == 1 && answers.count == 16)
        #expect(stored().count == 1)
    }

    @Test("Too much is brought below the bound, used longest ago first, and only what is ours")
    func eviction() async throws {
        // Filled through another one, which does not think it too much.
        let filling = cache().folder
        let folder = cache(limit: 10_000).folder
        let whole = try TestPicture.webP(3, 3)
        let filler = [UInt8]("RIFF".utf8) + TestPicture.little(2_992, 4) + Array("WEBP".utf8)
        let bytes = filler + [UInt8](repeating: 0, count: 3_000 - filler.count)
        let names = (0..<5).map { CacheName.thumbnail("/\($0)", version: "", size: ThumbnailSize(square: 8)) }
        let chosen = CacheName.cover("/v", version: "")
        try filling.write(bytes, chosen, isKept: true)
        try setUsed(folder, chosen, seconds: 1)
        for (index, name) in names.enumerated() {
            try filling.write(bytes, name)
            try setUsed(folder, name, seconds: 1_000 + index)
        }
        let foreign = try files.write(whole, "cache/iib_cache/notes/1x1.webp")
        // Reading counts as using.
        #expect(folder.read(names[0]) != nil)
        folder.sweep()
        #expect(names.map { folder.has($0) } == [true, false, false, false, true])
        #expect(folder.has(chosen))
        #expect(FileManager.default.fileExists(atPath: foreign))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/" + names[1].folder))
        // What went can come again.
        try folder.write(bytes, names[1])
        #expect(folder.read(names[1])?.bytes == bytes)
    }

    private func setUsed(_ folder: CacheFolder, _ name: CacheName, seconds: Int) throws {
        let stamp = timespec(tv_sec: seconds, tv_nsec: 0)
        try #require(utimensat(AT_FDCWD, "\(folder.path)/\(name.folder)/\(name.file)", [stamp, stamp], 0) == 0)
    }

    @Test("A chosen cover is what is shown from then on")
    func chosenCover() async throws {
        let video = try files.write([UInt8](repeating: 0, count: 100), "v.mp4")
        let cache = cache()
        await #expect(throws: ThumbnailCache.Failure.self) { try await cache.cover(of: video, version: "1") }
        let shown = try await cache.setCover(TestPicture.jpeg(64, 32), of: video, version: "1")
        #expect(PictureDecoder.inspect(shown).header?.width == 64)
        #expect(try await cache.cover(of: video, version: "1").bytes == shown)
        await #expect(throws: ThumbnailCache.Failure.self) { try await cache.cover(of: video, version: "2") }
        await #expect(throws: ThumbnailCache.Failure.self) {
            try await cache.setCover(Array("no picture".utf8), of: video, version: "1")
        }
        #expect(try await cache.cover(of: video, version: "1").bytes == shown)
    }
}
