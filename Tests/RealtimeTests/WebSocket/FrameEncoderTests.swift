import Realtime
import Testing

struct FrameEncoderTests {
    @Test("Frames are those put together by hand", arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
    func frames(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let payload = random.bytes(count)
        for opcode in Opcode.allCases where !opcode.isControl || count <= 125 {
            var plain: [UInt8] = []
            payload.withUnsafeBytes { FrameEncoder.encode(opcode, $0, into: &plain) }
            #expect(plain == Wire.frame(opcode.rawValue, payload, masked: false))
            #expect(plain.count == count + FrameEncoder.headerLength(payloadLength: count))

            var masked: [UInt8] = []
            // The key of `Wire`, lowest byte first.
            let mask: UInt32 = 0x3D21_FA37
            payload.withUnsafeBytes { FrameEncoder.encodeMasked(opcode, $0, mask: mask, into: &masked) }
            #expect(masked == Wire.frame(opcode.rawValue, payload))
            #expect(masked.count == count + FrameEncoder.headerLength(payloadLength: count, masked: true))
        }
    }

    @Test("FIN and RSV1 stand where they belong")
    func bits() {
        for (isFinal, rsv1, first) in [
            (true, false, 0x81), (false, false, 0x01), (true, true, 0xC1), (false, true, 0x41),
        ] {
            var header: [UInt8] = []
            FrameEncoder.writeHeader(opcode: .text, isFinal: isFinal, rsv1: rsv1, length: 5, into: &header)
            #expect(header == [UInt8(first), 5])
        }
    }
}
