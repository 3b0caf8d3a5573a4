import Foundation
import Testing

@testable import Domain

/// Sample pictures of models: their numbers, their files, and the library.
struct ModelSamplesTests {
    let bed: SamplesUnderTest
    var samples: ModelSamples { bed.samples }

    init() throws { bed = try SamplesUnderTest() }

    @Test("Pictures get the numbers 0, 1, ... and three files each, of which the library has the high one at once")
    func add() async throws {
        let gallery = bed.gallery
        #expect(try await gallery.sampleCount(bed.hash) == 0)
        #expect(try await gallery.sample(bed.hash, 0, .high) == nil)
        for number in 0..<3 {
            #expect(
                try await gallery.addSample(TestPicture.png(40, 20, blue: UInt8(number)), to: bed.hash) == number
            )
        }
        #expect(try await gallery.sampleCount(bed.hash) == 3)
        for (quality, width) in [(SampleQuality.high, 40), (.medium, 26), (.low, 13)] {
            let sample = try #require(try await gallery.sample(bed.hash, 2, quality))
            let bytes = try WholeFile.read(sample.path, limit: 100_000)
            #expect(PictureDecoder.inspect(bytes).header?.width == width)
            #expect(sample.path.hasPrefix(quality == .high ? bed.test.data.modelSamples : bed.test.data[.thumbnails]))
        }
        #expect(try await gallery.sample(bed.hash, 3, .high) == nil)
        #expect(try await gallery.sample(bed.hash, -1, .high) == nil)
        let other = try #require(ContentHash(of: []))
        #expect(try await gallery.sampleCount(other) == 0)
        // The library tells of them, and a scan finds nothing that it did not know.
        var added: [LibraryItem] = []
        for case .libraryAdded(let items) in bed.test.events() { added += items }
        #expect(try added.map { bed.test.data[.media] + "/" + $0.path } == bed.paths())
        #expect(try bed.test.library.libraryCounts().files == 3)
        #expect(try bed.test.scan() == ScanReport(files: 3))
        #expect(bed.files() == bed.expectedFiles(try bed.paths()))
    }

    @Test("A sample that is removed leaves disk and library, and those after it move down with their files")
    func remove() async throws {
        let paths = try (0..<4).map { try bed.add($0) }
        try await bed.gallery.removeSample(bed.hash, 1)
        #expect(try bed.paths() == [paths[0], paths[2], paths[3]])
        #expect(try await bed.gallery.sampleCount(bed.hash) == 3)
        #expect(bed.files() == bed.expectedFiles([paths[0], paths[2], paths[3]]))
        #expect(try bed.rows() == 3)
        #expect(try bed.test.library.libraryCounts().files == 3)
        #expect(bed.test.events().contains { if case .libraryRemoved = $0 { true } else { false } })
        try await bed.gallery.removeSample(bed.hash, 0)
        try await bed.gallery.removeSample(bed.hash, 1)
        #expect(try bed.paths() == [paths[2]])
        let next = try bed.add(9)
        #expect(!paths.contains(next))
        #expect(try bed.paths() == [paths[2], next])
    }

    @Test("There is nothing to remove where there is no sample", arguments: [-1, 2, 100, .max, .min])
    func unknown(_ number: Int) async throws {
        try bed.add(1)
        try bed.add(2)
        await #expect(throws: ModelGalleryError.unknownSample(number)) {
            try await bed.gallery.removeSample(bed.hash, number)
        }
        #expect(try bed.paths().count == 2)
    }

    @Test("The versions of two files always differ, also after a removal, and stay while the file does")
    func versions() throws {
        try bed.add(1)
        try bed.add(2)
        let versions = try (0..<2).flatMap { number in
            try SampleQuality.allCases.map { try #require(try samples.find(bed.hash, number, $0)).version }
        }
        #expect(Set(versions).count == 6)
        #expect(try samples.find(bed.hash, 1, .low)?.version == versions[5])
        try samples.remove(bed.hash, 0)
        #expect(try samples.find(bed.hash, 0, .low)?.version == versions[5])
    }

    @Test("What cannot be decoded is refused, and nothing of it stays")
    func refused() async throws {
        let whole = try TestPicture.png(30, 30)
        for bytes in [[], Array("no picture".utf8), Array(whole.prefix(whole.count / 2))] {
            await #expect {
                _ = try await bed.gallery.addSample(bytes, to: bed.hash)
            } throws: { error in
                if case .badPicture(let text)? = error as? ModelGalleryError { !text.isEmpty } else { false }
            }
        }
        #expect(try bed.rows() == 0 && bed.files().isEmpty)
    }

    @Test("A picture that cannot be written is no sample, and none is counted")
    func unwritable() throws {
        try bed.test.folder.write([], "data/thumbnails/model-samples")
        #expect(throws: SystemError.self) { try bed.add() }
        #expect(try samples.count(bed.hash) == 0)
        #expect(try bed.test.library.libraryCounts().files == 0)
        try bed.test.folder.remove("data/thumbnails/model-samples")
        try bed.restart()
        #expect(try bed.rows() == 0 && bed.files().isEmpty)
    }

    @Test(
        "With ffmpeg, pictures of other kinds are taken; what is no picture is not",
        .enabled(if: Programs.ffmpeg != nil, Comment(rawValue: Programs.ffmpegMissing))
    )
    func otherKinds() throws {
        let program = try #require(Programs.ffmpeg)
        var samples = samples
        let gif = bed.test.folder.path + "/c.gif"
        try Programs.make(gif, ["-f", "lavfi", "-i", "color=c=red:s=60x30", "-frames:v", "1"])
        let picture = try WholeFile.read(gif, limit: 100_000)
        #expect(throws: ModelGalleryError.self) { try samples.add(picture, to: bed.hash) }
        samples.ffmpeg = FFmpeg(program: program)
        #expect(try samples.add(picture, to: bed.hash) == 0)
        let low = try #require(try samples.find(bed.hash, 0, .low))
        let stored = try PictureDecoder.decodeStored(WholeFile.read(low.path, limit: 100_000), pixels: 1 << 20)
        #expect(stored.picture.width == 19 && stored.picture.height == 9)
        #expect(stored.picture.pixels[0] > 200 && stored.picture.pixels[1] < 50)
        let video = bed.test.folder.path + "/v.mp4"
        try Programs.make(video, ["-f", "lavfi", "-i", "testsrc=s=64x32:d=1"])
        for bytes in [try WholeFile.read(video, limit: 1_000_000), Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8), []] {
            #expect(throws: ModelGalleryError.self) { try samples.add(bytes, to: bed.hash) }
        }
        #expect(try samples.count(bed.hash) == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bed.test.data[.temp]).isEmpty)
    }

    // MARK: - The library

    @Test("A picture that is removed as a file of the library is no sample any more, at once")
    func deletedFromLibrary() async throws {
        let paths = try (0..<3).map { try bed.add($0) }
        try await bed.deleteFromLibrary(paths[0])
        // Before anybody looks at the disk.
        #expect(try bed.store.samples(of: bed.hash).count == 2)
        #expect(try bed.paths() == [paths[1], paths[2]])
        try bed.restart()
        #expect(bed.files() == bed.expectedFiles([paths[1], paths[2]]))
    }

    @Test("A picture that somebody removed from the disk is noticed by whoever asks")
    func deletedFromDisk() throws {
        let paths = try (0..<4).map { try bed.add($0) }
        for path in [paths[0], paths[2]] { try FileManager.default.removeItem(atPath: path) }
        #expect(try samples.find(bed.hash, 0, .low)?.path.contains(Self.name(paths[1])) == true)
        #expect(try samples.count(bed.hash) == 2)
        #expect(try bed.paths() == [paths[1], paths[3]])
        // Numbers are those of the samples that are left.
        try FileManager.default.removeItem(atPath: paths[1])
        try samples.remove(bed.hash, 0)
        #expect(try bed.paths().isEmpty)
        #expect(throws: ModelGalleryError.unknownSample(0)) { try samples.remove(bed.hash, 0) }
        try bed.test.scan()
        #expect(try bed.test.library.libraryCounts().files == 0)
        #expect(bed.files().isEmpty)
    }

    private static func name(_ path: String) -> String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    @Test("Nothing is forgotten while the whole folder is away, as when a disk is not there")
    func unmounted() throws {
        let paths = try (0..<2).map { try bed.add($0) }
        try bed.test.folder.move("data/media/model-samples", "away")
        #expect(try bed.paths().isEmpty)
        try bed.restart()
        try bed.test.folder.move("away", "data/media/model-samples")
        #expect(try bed.paths() == paths)
        #expect(try samples.count(bed.hash) == 2)
    }

    @Test("Lost small files are made again, under another version")
    func lostForms() throws {
        try bed.add()
        let before = try #require(try samples.find(bed.hash, 0, .medium))
        try bed.test.folder.remove("data/thumbnails/model-samples")
        let after = try #require(try samples.find(bed.hash, 0, .medium))
        #expect(after.path == before.path && after.version != before.version)
        let header = PictureDecoder.inspect(try WholeFile.read(after.path, limit: 10_000)).header
        #expect(header?.width == 2)
        // What cannot be made is shown in full.
        try bed.test.folder.remove("data/thumbnails/model-samples")
        try bed.test.folder.write([], "data/thumbnails/model-samples")
        let whole = try #require(try samples.find(bed.hash, 0, .low))
        #expect(try samples.find(bed.hash, 0, .high) == whole)
    }
}
