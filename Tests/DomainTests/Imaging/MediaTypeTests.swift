import Testing

@testable import Domain

/// Kinds of video and sound that are told by more than a name at the start.
struct MediaTypeTests {
    private func type(_ bytes: [UInt8], size: Int? = nil) -> MediaType? {
        bytes.withUnsafeBytes { MediaType(head: $0, size: size ?? bytes.count) }
    }

    /// An ASF header with one object of padding and then streams.
    private func asf(_ streams: [[UInt8]]) -> [UInt8] {
        let id: [UInt8] = [
            0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C,
        ]
        let padding = [UInt8](repeating: 1, count: 16) + TestPicture.little(100, 8) + [UInt8](repeating: 0, count: 76)
        let properties: [UInt8] = [
            0x91, 0x07, 0xDC, 0xB7, 0xB7, 0xA9, 0xCF, 0x11, 0x8E, 0xE6, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65,
        ]
        let objects =
            padding + streams.flatMap { properties + TestPicture.little(54, 8) + $0 + [UInt8](repeating: 0, count: 26) }
        return id + TestPicture.little(30 + objects.count, 8) + TestPicture.little(2, 4) + [1, 2] + objects
    }

    private let sound: [UInt8] = [0x40, 0x9E, 0x69, 0xF8]
    private let picture: [UInt8] = [0xC0, 0xEF, 0x19, 0xBC]

    @Test("ASF with nothing but sounds is a sound")
    func advancedSystems() {
        #expect(type(asf([sound])) == .wma)
        #expect(type(asf([picture])) == .wmv)
        #expect(type(asf([sound, picture])) == .wmv)
        #expect(type(asf([])) == .wmv)
        #expect(type([UInt8](asf([sound]).prefix(15))) == nil)
        var loop = asf([sound])
        loop.replaceSubrange(46..<54, with: TestPicture.little(0, 8))
        #expect(type(loop) == .wmv)
    }

    @Test("A transport stream has its mark before every packet")
    func transportStream() {
        let packet: [UInt8] = [0x47, 0x40, 0, 0x10] + [UInt8](repeating: 0xFF, count: 184)
        let stream = Array(repeating: packet, count: 5).flatMap { $0 }
        #expect(type(stream) == .mpegTS)
        #expect(type(Array(stream.prefix(188 * 2 + 4))) == .mpegTS)
        #expect(type(Array(stream.prefix(188 * 2 + 3))) == nil)
        #expect(type(Array(repeating: [0, 0, 0, 1] + packet, count: 4).flatMap { $0 }) == .mpegTS)
        var broken = stream
        broken[376] = 0
        #expect(type(broken) == nil)
        #expect(type(Array(String(repeating: "Go is a language. ", count: 100).utf8)) == nil)
    }

    @Test("AAC has a frame behind its first frame")
    func aac() {
        // A frame of 20 bytes.
        let frame: [UInt8] =
            [0xFF, 0xF1, 0x50, 0x80, 20 >> 3, (20 & 7) << 5 | 0x1F, 0xFC] + [UInt8](repeating: 9, count: 13)
        #expect(type(frame + frame) == .aac)
        #expect(type(frame) == .aac)
        #expect(type(frame + [UInt8](repeating: 0, count: 40)) == nil)
        #expect(type(Array(frame.prefix(10))) == nil)
        #expect(type([0xFF, 0xFE, 0x61, 0, 0x62, 0, 0x63, 0]) == nil)
    }

    @Test("Flash video, and QuickTime from before there were brands")
    func others() {
        #expect(type(Array("FLV\u{1}\u{5}\0\0\0\u{9}".utf8)) == .flv)
        #expect(type(Array("FLV\u{1}\u{2}\0\0\0\u{9}".utf8)) == nil)
        #expect(type(Array("\0\0\0\u{10}moov\0\0\0\u{8}mvhd".utf8)) == .quickTime)
        #expect(type(Array("\0\0\0\u{8}wide\0\0\0\0mdat".utf8)) == .quickTime)
        #expect(type(Array("Haremoov me if you can".utf8)) == nil)
    }

    @Test("Every kind of file that is shown is one of the three")
    func kinds() {
        #expect(MediaKind(.wmv) == .video)
        #expect(MediaKind(.flv) == .video)
        #expect(MediaKind(.mpegTS) == .video)
        #expect(MediaKind(.wma) == .audio)
        #expect(MediaKind(.aac) == .audio)
        #expect(MediaKind(.torch) == nil)
    }
}
