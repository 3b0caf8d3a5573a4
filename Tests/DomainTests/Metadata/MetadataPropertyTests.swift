import Foundation
import Testing

@testable import Domain

/// What holds for every container: cut off anywhere, damaged, or read from a file piece by piece.
struct MetadataPropertyTests {
    static func samples() -> [MetadataSample] {
        var exif = EXIFSample(isLittleEndian: false)
        exif.addText(271, "Maker")
        exif.addComment(Array("UNICODE\0".utf8) + [0, 65, 0, 66])
        let exifSegment = Array("Exif\0\0".utf8) + exif.bytes
        let xmp = Array("<x xmp:Rating='4'/>".utf8)
        return [
            MetadataSample(
                name: "PNG",
                type: .png,
                bytes: MetadataSample.png(
                    before: [
                        MetadataSample.text("parameters", Array("a cat".utf8)),
                        MetadataSample.packedText("prompt", Array("{\"1\": {}}".utf8)),
                        ("pHYs", [0, 0, 1, 0, 0, 0, 1, 0, 1]),
                    ],
                    pixels: [[1, 2], [1, 2], [1, 2], [3]],
                    after: [MetadataSample.internationalText("k", "v", isPacked: true), ("eXIf", exif.bytes)]
                )
            ),
            MetadataSample(
                name: "JPEG",
                type: .jpeg,
                bytes: MetadataSample.jpeg([
                    (0xE0, Array("JFIF\0".utf8) + [1, 2, 2, 0, 96, 0, 72, 0, 0]), (0xE1, exifSegment),
                    (0xE1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp), (0xFE, [0x78]),
                ])
            ),
            MetadataSample(
                name: "WebP",
                type: .webp,
                bytes: MetadataSample.webP(flags: 0x0C, [("VP8 ", [1, 2, 3]), ("EXIF", exif.bytes), ("XMP ", xmp)])
            ),
            MetadataSample(name: "GIF", type: .gif, bytes: PictureMetadataTests.gif([0x21, 0xFE, 2, 65, 66, 0])),
            MetadataSample(name: "AVIF", type: .avif, bytes: PictureMetadataTests.avif(version: 1)),
            MetadataSample(name: "TIFF", type: .tiff, bytes: exif.bytes),
            MetadataSample(name: "MP4", type: .mp4, bytes: VideoMetadataTests.movie(isLong: true)),
            MetadataSample(name: "QuickTime", type: .quickTime, bytes: VideoMetadataTests.quickTime()),
            MetadataSample(name: "Matroska", type: .matroska, bytes: VideoMetadataTests.matroska(tagsBehind: true)),
            MetadataSample(name: "AVI", type: .avi, bytes: VideoMetadataTests.avi()),
            MetadataSample(name: "ASF", type: .wmv, bytes: VideoMetadataTests.asf()),
            MetadataSample(name: "FLV", type: .flv, bytes: VideoMetadataTests.flv()),
        ]
    }

    /// A copy of exactly these bytes on the heap, so that a sanitizer sees a read past them.
    private func read(_ bytes: ArraySlice<UInt8>, _ type: MediaType) -> EmbeddedMetadata {
        MetadataSample.read(Array(bytes), type)
    }

    @Test("A file cut off at any byte says nothing that the whole does not", arguments: samples())
    func truncated(_ sample: MetadataSample) {
        let whole = read(sample.bytes[...], sample.type)
        #expect(!whole.texts.isEmpty || !whole.exif.isEmpty || whole.width != nil)
        for length in 0..<sample.bytes.count {
            let part = read(sample.bytes[..<length], sample.type)
            #expect(part.texts.count <= whole.texts.count, "\(length) bytes")
            #expect(part.exif.count <= whole.exif.count, "\(length) bytes")
        }
    }

    @Test("Damaged files never crash and stay within the bounds", arguments: samples())
    func damaged(_ sample: MetadataSample) {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            var bytes = sample.bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let value: UInt8 = [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &generator)][
                    Int.random(in: 0..<6, using: &generator)
                ]
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = value
            }
            let metadata = read(bytes[...], sample.type)
            #expect(metadata.texts.count <= MetadataCollector.textsLimit, "seed \(seed)")
            _ = (metadata.flat, metadata.rating, metadata.userComment)
        }
    }

    @Test("A file reads the same however little of it lies in memory", arguments: samples())
    func pieces(_ sample: MetadataSample) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("metadata-\(UUID().uuidString)").path
        defer { unlink(path) }
        #expect(FileManager.default.createFile(atPath: path, contents: Data(sample.bytes)))
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        #expect(descriptor >= 0)
        defer { close(descriptor) }
        let whole = read(sample.bytes[...], sample.type)
        for length in [32, 33, 40, 64, 100, sample.bytes.count - 1] {
            let part = sample.bytes.prefix(length).withUnsafeBytes { head in
                var source = ByteSource(head: head, descriptor: descriptor, count: sample.bytes.count)
                return EmbeddedMetadata.read(&source, type: sample.type)
            }
            #expect(part == whole, "\(length) bytes in memory")
        }
        if let type = PictureDecoder.inspect(sample.bytes).type {
            let named = try EmbeddedMetadata.read(path: path)
            #expect(named == MetadataSample.read(sample.bytes, type))
        }
    }

    @Test("What is no media file has no metadata, and what is not there is an error")
    func noFile() throws {
        let folder = FileManager.default.temporaryDirectory.path
        #expect(try EmbeddedMetadata.read(path: folder) == nil)
        #expect(try EmbeddedMetadata.read(path: "/dev/null") == nil)
        #expect(throws: SystemError.self) { try EmbeddedMetadata.read(path: folder + "/there is no such file") }
    }

    @Test("A far block is read as one, and one that is too long is not")
    func farBlocks() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("metadata-\(UUID().uuidString)").path
        defer { unlink(path) }
        let long = String(repeating: "a", count: 3 << 20)
        let tooLong = [UInt8](repeating: 98, count: MetadataCollector.entryLimit + 1)
        let file = MetadataSample.png(
            pixels: [[UInt8](repeating: 0, count: 200_000)],
            after: [
                MetadataSample.text("long", Array(long.utf8)), MetadataSample.text("too long", tooLong),
                MetadataSample.text("next", [0x78]),
            ]
        )
        #expect(FileManager.default.createFile(atPath: path, contents: Data(file)))
        let metadata = try #require(try EmbeddedMetadata.read(path: path))
        #expect(metadata.texts.map(\.key) == ["long", "next"])
        let isWhole = metadata.text("long") == long
        #expect(isWhole)
    }
}
