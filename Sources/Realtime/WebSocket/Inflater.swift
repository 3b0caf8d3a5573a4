import CZlib

/// A raw DEFLATE decompressor (RFC 1951) that gives out its output in pieces of the caller's choosing.
final class Inflater {
    /// On the heap because zlib keeps a pointer back to it.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the last step stopped exactly between two blocks, where a message may end.
    private(set) var isBetweenBlocks = true

    /// Makes one that understands data made with a window of up to 2^`windowBits` bytes, 8 to 15.
    ///
    /// Data that looks back further breaks the agreement; it fails only if what it refers to is gone by then.
    init(windowBits: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = inflateInit2_(
            stream,
            -Int32(windowBits),
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(result == Z_OK, "zlib has no memory for a decompressor")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Forgets everything that came before.
    func reset() {
        inflateReset(stream)
        isBetweenBlocks = true
    }

    /// Gives the next input, which must stay where it is until `step` says `isDrained`.
    func feed(_ input: UnsafeRawBufferPointer) {
        // zlib takes a pointer to mutable bytes by its old signature, and only reads them.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
    }

    /// Decompresses until the output is full or the input is used up; returns the number of bytes written.
    ///
    /// Blocks with BFINAL are followed by further blocks as if they had none, with the same window
    /// (RFC 7692 §7.2.3.4). Throws `invalidDeflateData`.
    func step(
        into output: UnsafeMutableRawPointer,
        room: Int
    ) throws(ProtocolFailure) -> (produced: Int, isDrained: Bool) {
        stream.pointee.next_out = output.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room)
        while true {
            let result = inflate(stream, Z_SYNC_FLUSH)
            switch result {
            case Z_STREAM_END:
                inflateResetKeep(stream)
                isBetweenBlocks = true
                if stream.pointee.avail_in > 0, stream.pointee.avail_out > 0 { continue }
            case Z_OK, Z_BUF_ERROR:
                // zlib adds 128 when it stands before a block.
                isBetweenBlocks = stream.pointee.data_type & 128 != 0
            default:
                // What came before the error is good; the next step fails with nothing before it.
                let produced = room - Int(stream.pointee.avail_out)
                if produced == 0 { throw .invalidDeflateData }
                return (produced, false)
            }
            let isDrained = stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
            return (room - Int(stream.pointee.avail_out), isDrained)
        }
    }
}
