/// Which texts a folder's path leaves possible: whether it holds a pattern itself, and whether a match may begin in it
/// and end in the name of a file.
///
/// A state machine with one bit for every element of the pattern, run over the bytes of the path.
struct LiveMatch: Sendable {
    /// What a folder's path says about the paths of the files in it.
    enum Answer: UInt8, Sendable {
        /// A match lies in the file's name, or there is none.
        case nameAlone = 1
        /// A match may have begun in the folder's path.
        case begun = 2
        /// The folder's path matches by itself.
        case whole = 3
    }

    /// Bit n of an entry: whether element n takes this byte.
    private var takes = [UInt64](repeating: 0, count: 256)
    /// Bit n: after element n any run of characters may come.
    private var runs: UInt64 = 0
    /// Bit n: element n is any one character, and goes on as long as the character does.
    private var characters: UInt64 = 0
    private var count = 0
    /// Whether the pattern has too many elements for the bits.
    private var isTooLong = false

    init(_ pattern: String) {
        for byte in pattern.utf8 {
            if byte == UInt8(ascii: "%") {
                // At the start it says nothing: a match may begin anywhere.
                if count > 0 { runs |= 1 << UInt64(count - 1) }
                continue
            }
            guard count < 63 else {
                isTooLong = true
                return
            }
            let bit: UInt64 = 1 << UInt64(count)
            if byte == UInt8(ascii: "_") {
                characters |= bit
                for other in 0..<256 where other & 0xC0 != 0x80 { takes[other] |= bit }
            } else {
                for other in 0..<256 where ByteFinder.folded(UInt8(other)) == ByteFinder.folded(byte) {
                    takes[other] |= bit
                }
            }
            count += 1
        }
    }

    /// What a folder's path, UTF-8 with the slash at its end, leaves possible.
    func answer(for path: UnsafeRawBufferPointer) -> Answer {
        guard !isTooLong else { return .begun }
        guard count > 0 else { return .whole }
        let end: UInt64 = 1 << UInt64(count - 1)
        var state: UInt64 = 0
        for byte in path {
            var next = (state << 1 | 1) & takes[Int(byte)] | state & runs
            if byte & 0xC0 == 0x80 { next |= state & characters }
            state = next
            if state & end != 0 { return .whole }
        }
        return state == 0 ? .nameAlone : .begun
    }
}
