import Foundation
import Testing

@testable import Domain

struct ThumbnailsKindTests {
    let test: TestLibrary
    let kind: ThumbnailsKind

    init() throws {
        test = try TestLibrary()
        kind = ThumbnailsKind(library: test.library, data: test.data)
        try test.library.addRoot(test.data[.output])
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        try test.folder.write(bytes, "data/output/\(name)")
    }

    private func item(_ name: String) throws -> LibraryItem {
        try #require(try test.library.newest(limit: 1000).first { $0.name == name })
    }

    private func thumbnail(_ name: String) throws -> [UInt8]? {
        let hash = try #require(ContentHash(hex: item(name).sha256))
        return FileManager.default.contents(atPath: test.data.thumbnail(hash)).map { Array($0) }
    }

    @Test("Every picture gets a thumbnail, upright and at most 256 pixels, and its files change")
    func made() async throws {
        try write(try TestPicture.jpeg(600, 300, orientation: 6), "a.jpg")
        try write(try TestPicture.png(20, 10), "b.png")
        try write(try TestPicture.png(20, 10), "copy.png")
        try write(Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8), "c.gif")
        try test.scan()
        _ = test.events()
        let result = try await kind.run(test.context())
        #expect(result == ["made": 2, "failed": 0, "unsupported": 0, "missing": 0])
        let header = PictureDecoder.inspect(try #require(try thumbnail("a.jpg"))).header
        #expect([header?.width, header?.height] == [128, 256])
        #expect(PictureDecoder.inspect(try #require(try thumbnail("b.png"))).header?.width == 20)
        #expect(try thumbnail("c.gif") == nil)
        var changed: [LibraryItem] = []
        for case .libraryChanged(let items) in test.events() { changed += items }
        #expect(Set(changed.map(\.name)) == ["a.jpg", "b.png", "copy.png"])
        #expect(changed.allSatisfy { $0.thumbnail == "/thumbnails/\($0.sha256).webp" })
        #expect(try item("copy.png").thumbnail != nil)
        #expect(try await kind.run(test.context()) == ["made": 0, "failed": 0, "unsupported": 0, "missing": 0])
    }

    @Test(
        "With ffmpeg, what was no picture of ours becomes wanted, once, in databases that know it already too",
        .enabled(if: Programs.ffmpeg != nil, Comment(rawValue: Programs.ffmpegMissing))
    )
    func madeByProgram() async throws {
        let gif = test.data[.output] + "/c.gif"
        try Programs.make(gif, ["-f", "lavfi", "-i", "color=c=red:s=600x300", "-frames:v", "1"])
        try Programs.make(test.data[.output] + "/v.mp4", ["-f", "lavfi", "-i", "testsrc=s=64x32:d=1"])
        try write(Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8), "broken.gif")
        try write(Array("fLaC\0\0\0\u{22}".utf8) + [UInt8](repeating: 0, count: 60), "sound.flac")
        try test.scan()
        #expect(try await kind.run(test.context())["made"] == 0)
        let program = try #require(Programs.ffmpeg)
        let renderer = PictureRenderer(ffmpeg: FFmpeg(program: program))
        let kind = ThumbnailsKind(library: test.library, data: test.data, renderer: renderer)
        #expect(try await kind.run(test.context()) == ["made": 2, "failed": 1, "unsupported": 0, "missing": 0])
        let header = PictureDecoder.inspect(try #require(try thumbnail("c.gif"))).header
        #expect(header?.width == 256 && header?.height == 128)
        #expect(PictureDecoder.inspect(try #require(try thumbnail("v.mp4"))).header?.width == 64)
        #expect(try await kind.run(test.context()) == ["made": 0, "failed": 0, "unsupported": 0, "missing": 0])
    }

    @Test("A corrupt picture is reported, marked and skipped; only a retry meets it again")
    func corrupt() async throws {
        let bytes = try TestPicture.png(40, 40)
        try write(Array(bytes.prefix(bytes.count / 2)), "broken.png")
        try write(bytes, "good.png")
        try test.scan()
        #expect(try await kind.run(test.context()) == ["made": 1, "failed": 1, "unsupported": 0, "missing": 0])
        let broken = try item("broken.png")
        #expect(test.log().contains { $0.contains(broken.path) && $0.contains("corrupt") })
        let content = try test.library.content(try #require(ContentHash(hex: broken.sha256)))
        #expect(content?.thumbnail == .failed && content?.thumbnailError?.contains("corrupt") == true)
        #expect(broken.thumbnail == nil)
        #expect(try thumbnail("broken.png") == nil)
        #expect(try await kind.run(test.context())["failed"] == 0)
        #expect(try await kind.run(test.context(["retry_failed": true]))["failed"] == 1)
    }

    @Test("A picture whose file is gone or has changed is left for later")
    func missing() async throws {
        try write(try TestPicture.png(20, 10), "gone.png")
        try write(try TestPicture.png(20, 11), "changed.png")
        try test.scan()
        try test.folder.remove("data/output/gone.png")
        try write(try TestPicture.png(20, 12), "changed.png")
        #expect(try await kind.run(test.context()) == ["made": 0, "failed": 0, "unsupported": 0, "missing": 2])
        #expect(try test.store.thumbnailsWanted() == 2)
        try test.scan()
        #expect(try await kind.run(test.context())["made"] == 1)
    }

    @Test("A thumbnail that lies there whole is taken, a cut-off one is made anew")
    func present() async throws {
        try write(try TestPicture.png(20, 10), "a.png")
        try write(try TestPicture.png(20, 11), "b.png")
        try test.scan()
        let whole = try TestPicture.webP(7, 7)
        for (name, bytes) in [("a.png", whole), ("b.png", Array(whole.dropLast()))] {
            let hash = try #require(ContentHash(hex: item(name).sha256))
            try test.folder.write(bytes, "data/thumbnails/" + ThumbnailPath.file(hash))
        }
        #expect(try await kind.run(test.context())["made"] == 2)
        #expect(try thumbnail("a.png") == whole)
        #expect(PictureDecoder.inspect(try #require(try thumbnail("b.png"))).header?.width == 20)
        // One content by name is made anew in any case.
        #expect(try await kind.run(test.context(["sha256": .string(item("a.png").sha256)]))["made"] == 1)
        #expect(PictureDecoder.inspect(try #require(try thumbnail("a.png"))).header?.width == 20)
    }

    @Test("Many pictures come in events of at most 100 items, and no temporary file stays")
    func many() async throws {
        for index in 0..<230 {
            try write(try TestPicture.png(4 + index / 200, 4, blue: UInt8(index % 200)), "\(index).png")
        }
        try test.scan()
        _ = test.events()
        #expect(try await kind.run(test.context())["made"] == 230)
        var sizes: [Int] = []
        for case .libraryChanged(let items) in test.events() { sizes.append(items.count) }
        #expect(sizes.reduce(0, +) == 230 && sizes.allSatisfy { $0 <= 100 })
        let names = FileManager.default.enumerator(atPath: test.data[.thumbnails])?.compactMap { $0 as? String } ?? []
        #expect(names.filter { $0.hasSuffix(".webp") }.count == 230)
        #expect(!names.contains { $0.hasSuffix(".part") })
    }

    @Test(
        "Parameters that make no sense are refused",
        arguments: [[], ["sha256": 1], ["sha256": "ab"], ["retry_failed": 1], ["retry": true]] as [JSON]
    )
    func badParams(_ params: JSON) {
        #expect {
            try kind.validate(params)
        } throws: { error in
            (error as? TaskRecord.Failure)?.code == "bad_params"
        }
    }

    @Test("A content that the library never saw ends the task for good")
    func unknown() async throws {
        let params: JSON = ["sha256": .string(String(repeating: "0", count: 64))]
        #expect(throws: Never.self) { try kind.validate(params) }
        await #expect {
            _ = try await kind.run(test.context(params))
        } throws: { error in
            (error as? TaskAbort)?.failure.code == "not_found"
        }
    }

    @Test("A cancelled run ends with a cancellation, and a later one makes the rest")
    func cancelled() async throws {
        for index in 0..<60 { try write(try TestPicture.png(8, 8, blue: UInt8(index)), "\(index).png") }
        try test.scan()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await kind.run(test.context())
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        _ = try await kind.run(test.context())
        #expect(try test.store.thumbnailsWanted() == 0)
    }
}
