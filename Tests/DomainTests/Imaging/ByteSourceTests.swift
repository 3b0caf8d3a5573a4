import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The bytes of a file as parsers of headers see them, and what they cost.
struct ByteSourceTests {
    @Test("Where the pixels of a PNG end is looked for once, though two readers ask, and by few reads")
    func endOfPixels() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/file"
        let pieces = Array(repeating: [UInt8](repeating: 7, count: 9_000), count: 100) + [[1, 2, 3]]
        // What stands behind the end hides how many pieces there are.
        let file =
            MetadataSample.png(pixels: pieces, after: [MetadataSample.text("k", [0x78])])
            + [UInt8](repeating: 5, count: 700_000)
        try WholeFile.write(file, to: path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        file.prefix(8_192).withUnsafeBytes { head in
            var source = ByteSource(head: head, descriptor: descriptor, count: file.count)
            #expect(PictureHeader(&source, type: .png)?.width == 512)
            let first = source.farReads
            #expect(EmbeddedMetadata.read(&source, type: .png).text("k") == "x")
            // 2 x log2(100) for the run, and the heads behind it.
            #expect(first < 22 && source.farReads <= first + 8)
        }
    }

    @Test("A number that is read alone is the one that is read with what stands beside it")
    func loneNumbers() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/file"
        let bytes = (0..<9_000).map { UInt8(truncatingIfNeeded: $0 * 7 >> 3) }
        try WholeFile.write(bytes, to: path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        bytes.prefix(100).withUnsafeBytes { head in
            for offset in [-1, 0, 92, 93, 100, 4_090, 4_200, 8_992, 8_993, 9_000, 9_001, .max] {
                var source = ByteSource(head: head, descriptor: descriptor, count: bytes.count)
                var other = source
                #expect(source.lone64(offset) == other.big64(offset), "\(offset)")
                #expect(source.farReads == other.farReads)
            }
            var source = ByteSource(head: head, descriptor: descriptor, count: bytes.count)
            _ = source.big64(4_000)
            _ = source.lone64(8_500)
            _ = (source.big64(4_100), source.lone64(4_200))
            #expect(source.farReads == 2)
            for offset in 200..<2_000 { _ = source.lone64(offset) }
            #expect(source.isExhausted && source.lone64(3_000) == nil && source.lone64(4_200) != nil)
        }
        bytes.withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            #expect(source.lone64(8_992) != nil && source.lone64(8_993) == nil)
        }
    }
}
