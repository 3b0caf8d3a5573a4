/// The ways in which a stream of bytes may arrive.
enum Chunkings {
    /// The whole, every split in two, byte by byte, and some random splits; as lists of sizes.
    static func all(of count: Int, seed: UInt64 = 1) -> [[Int]] {
        guard count > 0 else { return [[0]] }
        var chunkings = [[count], Array(repeating: 1, count: count)]
        chunkings += (1..<max(count, 2)).filter { $0 < count }.map { [$0, count - $0] }
        var random = SeededGenerator(seed: seed)
        chunkings += (0..<8).map { _ in Self.random(of: count, using: &random) }
        return chunkings
    }

    /// Pieces of random sizes, many of them small.
    static func random(of count: Int, using random: inout SeededGenerator) -> [Int] {
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
