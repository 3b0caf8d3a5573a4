/// Finds a run of bytes in others, ASCII letters compared without case.
///
/// Sixteen places are tried at a time, by the first and the last byte of what is looked for; what agrees in both is
/// compared whole.
struct ByteFinder: Sendable {
    private typealias Block = SIMD16<UInt8>

    /// What is looked for, its letters in lower case; never empty.
    private let needle: [UInt8]
    private let first: Block
    private let last: Block
    /// 0x20 in every lane for a letter, which that bit makes a lower-case one; otherwise 0.
    private let firstFold: Block
    private let lastFold: Block

    /// How many bytes it takes.
    var count: Int { needle.count }

    /// A finder for at least one byte; `nil` for none.
    init?(_ bytes: some Sequence<UInt8>) {
        needle = bytes.map(Self.folded)
        guard let first = needle.first, let last = needle.last else { return nil }
        self.first = Block(repeating: first)
        self.last = Block(repeating: last)
        firstFold = Block(repeating: Self.isLower(first) ? 0x20 : 0)
        lastFold = Block(repeating: Self.isLower(last) ? 0x20 : 0)
    }

    /// Where the run begins for the first time at or after `start`; `nil` when it does not.
    func find(in text: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        let ends = text.count - needle.count
        guard start <= ends, let base = text.baseAddress else { return nil }
        var place = start
        // Two whole blocks must be readable: one at the first byte, one at the last.
        while place + needle.count + 15 <= text.count {
            let heads = base.loadUnaligned(fromByteOffset: place, as: Block.self) | firstFold
            let tails = base.loadUnaligned(fromByteOffset: place + needle.count - 1, as: Block.self) | lastFold
            let agree = unsafeBitCast((heads .== first) .& (tails .== last), to: SIMD2<UInt64>.self)
            if agree != .zero {
                if let found = candidate(in: base, at: place, agree[0]) { return found }
                if let found = candidate(in: base, at: place + 8, agree[1]) { return found }
            }
            place += 16
        }
        while place <= ends {
            if matches(base + place) { return place }
            place += 1
        }
        return nil
    }

    /// The first of eight places whose lanes are set and where all bytes agree.
    private func candidate(in base: UnsafeRawPointer, at place: Int, _ lanes: UInt64) -> Int? {
        var lanes = lanes
        while lanes != 0 {
            let lane = lanes.trailingZeroBitCount >> 3
            if matches(base + place + lane) { return place + lane }
            lanes &= ~(0xFF << UInt64(lane << 3))
        }
        return nil
    }

    private func matches(_ text: UnsafeRawPointer) -> Bool {
        needle.withUnsafeBufferPointer { needle in
            for index in needle.indices
            where Self.folded(text.load(fromByteOffset: index, as: UInt8.self)) != needle[index] { return false }
            return true
        }
    }

    /// The byte with an ASCII capital made small.
    static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
}
