import CISAL

/// Inflates the stream of a PNG piece by piece, as far as rows are wanted (RFC 1950, W3C PNG §10).
///
/// So a picture costs the memory of a few rows, and those are still near the processor when they are filtered.
final class PNGInflater {
    private let bytes: UnsafeRawBufferPointer
    /// Where the pieces of the stream lie that were not begun yet.
    private var pieces: ArraySlice<Range<Int>>
    private let state: UnsafeMutablePointer<inflate_state>

    /// An inflater of the stream that `pieces` of `bytes` make up, which must outlive it.
    init(_ bytes: UnsafeRawBufferPointer, _ pieces: [Range<Int>]) {
        self.bytes = bytes
        self.pieces = pieces[...]
        // Nearly 90 KB of tables, which the library sets as it needs them.
        state = .allocate(capacity: 1)
        isal_inflate_init(state)
        state.pointee.crc_flag = UInt32(ISAL_ZLIB)
        state.pointee.avail_in = 0
    }

    deinit {
        state.deallocate()
    }

    /// Writes the next `count` bytes to `target`; `false` when there are not so many, or the stream is not lawful.
    func read(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Bool {
        guard let wanted = UInt32(exactly: count) else { return false }
        state.pointee.next_out = target
        state.pointee.avail_out = wanted
        while state.pointee.avail_out > 0 {
            guard !isAtEnd, step() else { return false }
        }
        return true
    }

    /// Whether nothing more comes, and the checksum of all that came is right.
    func finish() -> Bool {
        var more: UInt8 = 0
        return withUnsafeMutablePointer(to: &more) { more in
            state.pointee.next_out = more
            state.pointee.avail_out = 1
            while !isAtEnd {
                guard step(), state.pointee.avail_out == 1 else { return false }
            }
            return true
        }
    }

    /// Whether the end of the stream was seen, and found right.
    private var isAtEnd: Bool { state.pointee.block_state == ISAL_BLOCK_FINISH && state.pointee.avail_out > 0 }

    /// Goes on, into the next piece when this one is used up; `false` when it cannot.
    private func step() -> Bool {
        if state.pointee.avail_in == 0, let piece = pieces.popFirst() {
            guard let length = UInt32(exactly: piece.count), let start = bytes.baseAddress else { return false }
            let source = start.advanced(by: piece.lowerBound).assumingMemoryBound(to: UInt8.self)
            // It is only read.
            state.pointee.next_in = UnsafeMutablePointer(mutating: source)
            state.pointee.avail_in = length
            if length == 0 { return true }
        }
        let (input, output, phase) = (state.pointee.avail_in, state.pointee.avail_out, state.pointee.block_state)
        let result = isal_inflate(state)
        guard result >= ISAL_DECOMP_OK, result <= ISAL_OUT_OVERFLOW else { return false }
        // Without input left it may still have held something back; when nothing moves, the stream is cut off.
        return state.pointee.avail_in != input || state.pointee.avail_out != output
            || state.pointee.block_state != phase || !pieces.isEmpty
    }
}
