/// Sizes in bytes as a person writes them: `262144`, `256KiB`, `16 MiB`, `1GiB`.
enum ByteCount {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ]

    /// Reads a whole number of bytes with an optional suffix, in any case, one space allowed before it.
    ///
    /// Anything else, fractions, signs, and what does not fit in 63 bits, is `nil`.
    static func parse(_ text: String) -> Int? {
        for unit in units where text.lowercased().hasSuffix(unit.suffix.lowercased()) {
            var digits = text.dropLast(unit.suffix.count)
            if digits.last == " " { digits.removeLast() }
            guard let count = WholeNumber.parse(String(digits)) else { return nil }
            let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
            return overflow ? nil : bytes
        }
        return WholeNumber.parse(text)
    }

    /// Writes a size with the largest suffix that leaves a whole number.
    static func format(_ bytes: Int) -> String {
        guard bytes != 0 else { return "0" }
        for unit in units where bytes % unit.bytes == 0 {
            return "\(bytes / unit.bytes)\(unit.suffix)"
        }
        return "\(bytes)"
    }
}
