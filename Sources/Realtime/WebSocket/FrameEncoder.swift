/// Encodes single frames (RFC 6455 §5.2) outside any connection, such as those that are shared by many.
package enum FrameEncoder {
    /// The size of the header of a frame with that many bytes of payload, which the length's form decides.
    package static func headerLength(payloadLength: Int, masked: Bool = false) -> Int {
        let mask = masked ? 4 : 0
        return mask + (payloadLength <= 125 ? 2 : payloadLength <= 0xFFFF ? 4 : 10)
    }

    /// Writes a header, with the length in its shortest form.
    ///
    /// `mask` is the key a client masks the payload with, as `Masking` holds it; a server gives none.
    @inline(__always)
    package static func writeHeader<Sink: ByteSink>(
        opcode: Opcode,
        isFinal: Bool = true,
        rsv1: Bool = false,
        length: Int,
        mask: UInt32? = nil,
        into sink: inout Sink
    ) {
        let first = opcode.rawValue | (isFinal ? 0x80 : 0) | (rsv1 ? 0x40 : 0)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        // The header's bytes stand in two words, the earlier byte the lower one.
        var words: (UInt64, UInt64) = (UInt64(first), 0)
        var size = 2
        if length <= 125 {
            words.0 |= UInt64(UInt8(length) | maskBit) << 8
        } else if length <= 0xFFFF {
            words.0 |= UInt64(126 | maskBit) << 8
            words.0 |= UInt64(UInt16(length).byteSwapped) << 16
            size = 4
        } else {
            words.0 |= UInt64(127 | maskBit) << 8
            let length = UInt64(length).byteSwapped
            words.0 |= length << 16
            words.1 = length >> 48
            size = 10
        }
        if let mask {
            switch size {
            case 2: words.0 |= UInt64(mask) << 16
            case 4: words.0 |= UInt64(mask) << 32
            default: words.1 |= UInt64(mask) << 16
            }
            size += 4
        }
        words.0 = words.0.littleEndian
        words.1 = words.1.littleEndian
        withUnsafeBytes(of: words) { sink.write(UnsafeRawBufferPointer(rebasing: $0[..<size])) }
    }

    /// Writes a whole unmasked frame, as a server sends it.
    ///
    /// `rsv1` marks a compressed payload (RFC 7692 §6).
    @inline(__always)
    package static func encode<Sink: ByteSink>(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        rsv1: Bool = false,
        into sink: inout Sink
    ) {
        sink.reserve(headerLength(payloadLength: payload.count) + payload.count)
        writeHeader(opcode: opcode, rsv1: rsv1, length: payload.count, into: &sink)
        if payload.count > 0 { sink.write(payload) }
    }

    /// Writes a whole frame masked with `mask`, as a client sends it.
    package static func encodeMasked<Sink: ByteSink>(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        isFinal: Bool = true,
        rsv1: Bool = false,
        mask: UInt32,
        into sink: inout Sink
    ) {
        sink.reserve(headerLength(payloadLength: payload.count, masked: true) + payload.count)
        writeHeader(
            opcode: opcode,
            isFinal: isFinal,
            rsv1: rsv1,
            length: payload.count,
            mask: mask,
            into: &sink
        )
        guard let base = payload.baseAddress else { return }
        // The payload is the caller's, so it is masked piece by piece in memory of our own.
        // A piece is a multiple of four bytes: each begins at the same place of the key.
        let piece = 4096
        withUnsafeTemporaryAllocation(byteCount: min(piece, payload.count), alignment: 16) { buffer in
            guard let target = buffer.baseAddress else { return }
            var offset = 0
            while offset < payload.count {
                let count = min(piece, payload.count - offset)
                _ = Masking.apply(mask, from: base + offset, to: target, count: count)
                sink.write(UnsafeRawBufferPointer(start: target, count: count))
                offset += count
            }
        }
    }
}
