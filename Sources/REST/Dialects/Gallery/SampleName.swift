import Domain

/// Which sample picture a path and its query mean (contracts/gallery.md §3, `GET /api/images/{hash}.webp`).
struct SampleName: Hashable, Sendable {
    let hash: ContentHash
    let number: Int

    /// Reads a hash, whose sample is the one of `sequence`, or a base name, `<hash>_<number>`, which says it itself.
    ///
    /// Hashes may be of either case. `nil` for anything else, and for a number that is none or negative.
    init?(_ text: String, sequence: String?) {
        let parts = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard let hash = parts.first.flatMap({ ContentHash(hex: $0) }) else { return nil }
        let digits = parts.count > 1 ? String(parts[1]) : sequence ?? "0"
        guard let number = LooseInteger.read(digits), number >= 0 else { return nil }
        self.hash = hash
        self.number = number
    }

    /// The base name.
    static func text(_ hash: ContentHash, _ number: Int) -> String { "\(hash.hex)_\(number)" }
}
