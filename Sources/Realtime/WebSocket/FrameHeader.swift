/// The header of one frame (RFC 6455 §5.2).
///
/// ```
///  byte 0               byte 1                then                  then
/// +-+-+-+-+-------+    +-+-------------+    +------------------+   +----------+
/// |F|R|R|R| opcode|    |M| length (7)  |    | length, 0, 2 or  |   | mask key |
/// |I|S|S|S|  (4)  |    |A| 126: 16 bit |    | 8 bytes, highest |   | 4 bytes  |
/// |N|V|V|V|       |    |S| 127: 63 bit |    | byte first       |   | if MASK  |
/// | |1|2|3|       |    |K|             |    |                  |   |          |
/// +-+-+-+-+-------+    +-+-------------+    +------------------+   +----------+
/// ```
struct FrameHeader {
    /// The most bytes a header can have.
    static let maximumSize = 14

    var opcode: Opcode
    var isFinal: Bool
    /// RSV1, the compression bit of RFC 7692 §6.
    var isCompressed: Bool
    /// Bytes of payload.
    var length: Int
    /// The mask key as `Masking` wants it; zero if the frame is not masked.
    var key: UInt32
    /// Bytes of the header itself.
    var size: Int

    /// What a header is checked against: the state of the connection at its first byte.
    struct Rules {
        var masked: Bool
        var compression: Bool
        var insideMessage: Bool
        var acceptsBinary: Bool
        var frameLimit: Int
    }

    /// Reads a header from the `available` bytes, or returns nil if they are only a part of one.
    ///
    /// Throws at the first byte that breaks a rule, whether or not the header is complete.
    @inline(__always)
    static func parse(
        _ bytes: UnsafeRawPointer,
        available: Int,
        rules: Rules
    ) throws(ProtocolFailure) -> FrameHeader? {
        guard available > 0 else { return nil }
        let first = bytes.load(as: UInt8.self)
        guard first & 0x30 == 0 else { throw .reservedBit }
        guard let opcode = Opcode(rawValue: first & 0x0F) else { throw .reservedOpcode }
        let isFinal = first & 0x80 != 0
        let isCompressed = first & 0x40 != 0
        if isCompressed {
            guard rules.compression else { throw .reservedBit }
            if opcode.isControl { throw .compressedControlFrame }
            if opcode == .continuation { throw .compressedContinuation }
        }
        if opcode.isControl {
            guard isFinal else { throw .fragmentedControlFrame }
        } else if opcode == .continuation {
            guard rules.insideMessage else { throw .unexpectedContinuation }
        } else {
            if rules.insideMessage { throw .interleavedMessage }
            if opcode == .binary, !rules.acceptsBinary { throw .binaryNotAccepted }
        }

        guard available > 1 else { return nil }
        let second = bytes.load(fromByteOffset: 1, as: UInt8.self)
        let isMasked = second & 0x80 != 0
        if isMasked != rules.masked { throw isMasked ? .maskedFrame : .unmaskedFrame }
        var length = Int(second & 0x7F)
        var size = 2
        if opcode.isControl {
            if length > 125 { throw .controlFrameTooLong }
            if opcode == .close, length == 1 { throw .truncatedCloseCode }
        } else if length > 125 {
            size = length == 126 ? 4 : 10
            guard let long = try longLength(bytes, size: size, available: available, limit: rules.frameLimit)
            else { return nil }
            length = long
        }
        guard length <= rules.frameLimit else { throw .frameTooBig }

        var key: UInt32 = 0
        if isMasked {
            guard available >= size + 4 else { return nil }
            key = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: size, as: UInt32.self))
            size += 4
        }
        return FrameHeader(
            opcode: opcode,
            isFinal: isFinal,
            isCompressed: isCompressed,
            length: length,
            key: key,
            size: size
        )
    }

    /// Reads the two or eight bytes of a long length, checking after each byte what can be known by then.
    private static func longLength(
        _ bytes: UnsafeRawPointer,
        size: Int,
        available: Int,
        limit: Int
    ) throws(ProtocolFailure) -> Int? {
        var value: UInt64 = 0
        for offset in 2..<size {
            guard offset < available else { return nil }
            value = value << 8 | UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self))
            let atLeast = value << UInt64(8 * (size - 1 - offset))
            if atLeast >> 63 != 0 { throw .lengthOverflow }
            if size == 10, offset == 7, value == 0 { throw .nonMinimalLength }
            if atLeast > UInt64(clamping: limit) { throw .frameTooBig }
        }
        if size == 4, value < 126 { throw .nonMinimalLength }
        return Int(value)
    }
}
