import CZlib

/// Deflates a stream of bytes without a header around it (RFC 1951).
final class Deflater {
    private var stream = z_stream()

    /// Takes up zlib's memory, about 256 KiB; `nil` when there is none.
    init?() {
        // Negative window bits: no header (zlib.h).
        let result = deflateInit2_(
            &stream,
            6,
            Z_DEFLATED,
            -15,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard result == Z_OK else { return nil }
    }

    deinit {
        deflateEnd(&stream)
    }

    /// Takes in bytes, and answers what is ready of the output; with the last of them, all that is left.
    func deflate(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        var output: [UInt8] = []
        bytes.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            var isFull = true
            while isFull {
                let room = max(1024, input.count / 2)
                let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(room)
                    _ = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    count = room - Int(stream.avail_out)
                }
                output += part
                isFull = stream.avail_out == 0
            }
        }
        return output
    }
}
