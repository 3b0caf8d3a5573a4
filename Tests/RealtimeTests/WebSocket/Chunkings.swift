/// A small seeded generator (SplitMix64), so that a failing run can be repeated from its printed seed.
struct WireRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

/// The ways in which a stream of bytes may arrive.
enum Chunkings {
    /// The whole, every split in two, byte by byte, and some random splits; as lists of sizes.
    static func all(of count: Int, seed: UInt64 = 1) -> [[Int]] {
        guard count > 0 else { return [[0]] }
        var chunkings = [[count], Array(repeating: 1, count: count)]
        chunkings += (1..<max(count, 2)).filter { $0 < count }.map { [$0, count - $0] }
        var random = WireRandom(seed: seed)
        chunkings += (0..<8).map { _ in Self.random(of: count, using: &random) }
        return chunkings
    }

    /// Pieces of random sizes, many of them small.
    static func random(of count: Int, using random: inout WireRandom) -> [Int] {
        var sizes: [Int] = []
        var rest = count
        let most = [3, 17, 200, 5000][Int.random(in: 0..<4, using: &random)]
        while rest > 0 {
            let size = min(rest, Int.random(in: 1...most, using: &random))
            sizes.append(size)
            rest -= size
        }
        return sizes
    }
}
