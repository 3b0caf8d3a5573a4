import CZlib

/// A raw DEFLATE compressor (RFC 1951) that makes one message at a time (RFC 7692 §7.2.1).
final class Deflater {
    /// On the heap because zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes one whose data a window of 2^`windowBits` bytes, 8 to 15, is enough for.
    ///
    /// zlib does not do 8. With 9 it looks back at most 250 bytes (its window less the longest match and a
    /// guard, 262 bytes), which a window of 256 holds, so 9 serves for 8 as well. `memoryLevel` is zlib's.
    init(windowBits: Int, level: Int, memoryLevel: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            -Int32(max(windowBits, 9)),
            Int32(memoryLevel),
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(result == Z_OK, "zlib has no memory for a compressor")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets everything that came before, so that the next message can be read without it.
    func reset() {
        deflateReset(stream)
    }

    /// Compresses one message, without the four bytes that end every one; replaces what is in `output`.
    ///
    /// An empty message becomes one byte (RFC 7692 §7.2.3.6).
    func compress(_ payload: UnsafeRawBufferPointer, into output: inout AssemblyBuffer) {
        output.count = 0
        guard payload.count > 0 else {
            withUnsafeBytes(of: UInt8(0)) { output.append($0) }
            return
        }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: payload.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(payload.count)
        // What deflate may need at most for ordinary input, so that the loop seldom runs twice.
        var room = payload.count + payload.count / 8 + 64
        repeat {
            let target = output.room(for: room, limit: .max)
            stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            deflate(stream, Z_SYNC_FLUSH)
            output.count += room - Int(stream.pointee.avail_out)
            room = max(1024, room / 2)
        } while stream.pointee.avail_out == 0
        // The flush ends in an empty stored block, whose last bytes 00 00 FF FF are left out.
        output.count -= 4
    }
}
