import CZlib

/// Unpacks small zlib streams of unknown length, such as compressed texts of a PNG.
enum BoundedInflate {
    /// How often its own length a stream may unpack to, once it is longer than ``smallLength``.
    ///
    /// Repetitive JSON reaches 50; a stream made to fill memory reaches 1,000.
    private static let ratioLimit = 256
    private static let smallLength = 64 * 1024

    /// Unpacks a whole stream of at most `limit` bytes and answers how many bytes were unpacked.
    ///
    /// `result` stays `nil` for a stream that is broken, cut off, too long or packed suspiciously well. What follows
    /// the end of the stream is ignored.
    static func inflate(_ bytes: UnsafeRawBufferPointer, limit: Int, into result: inout [UInt8]?) -> Int {
        let most = min(limit, max(smallLength, bytes.count.multipliedReportingOverflow(by: ratioLimit).partialValue))
        guard bytes.count <= Int(Int32.max), most > 0 else { return 0 }
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return 0 }
        defer { inflateEnd(&stream) }
        // zlib does not write to its input, but its declaration does not say so.
        stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = uInt(bytes.count)
        var output: [UInt8] = []
        var capacity = min(most, max(512, 4 * bytes.count))
        while true {
            var code = Z_OK
            output.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: capacity - output.count) { buffer, filled in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = uInt(buffer.count)
                    code = CZlib.inflate(&stream, Z_NO_FLUSH)
                    filled = buffer.count - Int(stream.avail_out)
                }
            )
            if code == Z_STREAM_END {
                result = output
                return output.count
            }
            guard code == Z_OK, stream.avail_out == 0, capacity < most else { return output.count }
            capacity = min(most, 2 * capacity)
        }
    }
}
