import Testing

@testable import Realtime

struct EngineIOPacketTests {
    static let texts: [(String, EngineIOPacket)] = [
        (#"0{"sid":"a"}"#, .open(#"{"sid":"a"}"#)), ("1", .close), ("2", .ping("")), ("2probe", .ping("probe")),
        ("3", .pong("")), ("3probe", .pong("probe")), ("4", .message("")), ("4hällo 😀", .message("hällo 😀")),
        ("5", .upgrade), ("6", .noop),
    ]

    @Test("every type is read and written in its text form", arguments: texts)
    func readsText(text: String, packet: EngineIOPacket) {
        for version in [EngineIOVersion.v3, .v4] {
            #expect(EngineIOPacket(text: Array(text.utf8), version: version) == packet)
        }
        #expect(packet.text == Array(text.utf8))
    }

    @Test("binary messages are base64 behind a mark that the versions do not share")
    func base64() {
        #expect(EngineIOPacket(text: Array("bAQIDBA==".utf8), version: .v4) == .binary([1, 2, 3, 4]))
        #expect(EngineIOPacket(text: Array("b4AQIDBA==".utf8), version: .v3) == .binary([1, 2, 3, 4]))
        #expect(EngineIOPacket(text: Array("bAQIDBA==".utf8), version: .v3) == nil)
        #expect(EngineIOPacket(text: Array("b4".utf8), version: .v3) == .binary([]))
        #expect(EngineIOPacket(text: Array("b".utf8), version: .v3) == nil)
        #expect(EngineIOPacket(text: Array("b".utf8), version: .v4) == .binary([]))
        #expect(EngineIOPacket.binary([1, 2, 3, 4]).text == Array("bAQIDBA==".utf8))
    }

    @Test("binary frames hold the bytes, in version 3 behind the number 4")
    func binary() {
        #expect(EngineIOPacket(binary: [4, 1], version: .v4) == .binary([4, 1]))
        #expect(EngineIOPacket(binary: [4, 1], version: .v3) == .binary([1]))
        for bytes in [[], [0x34, 1], [2], [0]] as [[UInt8]] {
            #expect(EngineIOPacket(binary: bytes, version: .v3) == nil)
        }
        #expect(EngineIOPacket(binary: [], version: .v4) == .binary([]))
    }

    @Test("what is no packet is refused", arguments: ["", "7", "abc", "b!", "bA", " 4", "\u{0}"])
    func malformed(text: String) {
        for version in [EngineIOVersion.v3, .v4] {
            #expect(EngineIOPacket(text: Array(text.utf8), version: version) == nil)
        }
    }

    @Test("text that is not UTF-8 is refused")
    func encoding() {
        #expect(EngineIOPacket(text: [0x34, 0xFF], version: .v4) == nil)
        #expect(EngineIOPacket(text: [0x34, 0xED, 0xA0, 0x80], version: .v3) == nil)
    }

    @Test("a packet becomes the frame of its version")
    func frames() {
        let reader = FrameReader()
        for version in [EngineIOVersion.v3, .v4] {
            let bytes = EngineIOPacket.message("é").frame(version).withUnsafeBytes { Array($0) }
            #expect(reader.read(bytes) == [Array("4é".utf8)])
        }
        #expect(EngineIOPacket.binary([7]).frame(.v3).withUnsafeBytes { Array($0) } == [0x82, 2, 4, 7])
        #expect(EngineIOPacket.binary([7]).frame(.v4).withUnsafeBytes { Array($0) } == [0x82, 1, 7])
    }
}
