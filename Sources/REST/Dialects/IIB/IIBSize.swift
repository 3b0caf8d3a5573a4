import Domain

/// Sizes for people (contracts/iib.md, the table of differences).
enum IIBSize {
    private static let units: [StaticString] = [" B", " KB", " MB", " GB", " TB", " PB", " EB"]

    /// A number of bytes with two decimals in the greatest unit of 1024 that leaves at least 1: `318.97 KB`,
    /// `512.00 B`; `0B` for none.
    ///
    /// Rounds as Python formats: to the nearest hundredth, and a tie to the even one. Negative numbers count as none.
    static func text(_ bytes: Int) -> String {
        var text = JSONText(capacity: 16)
        append(bytes, to: &text)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// Appends the size as ``text(_:)`` has it, without quotes.
    static func append(_ bytes: Int, to text: inout JSONText) {
        guard bytes > 0 else { return text.append("0B") }
        var unit = 0
        while unit + 1 < units.count, bytes >> (10 * (unit + 1)) > 0 { unit += 1 }
        let shift = 10 * unit
        let whole = bytes >> shift
        let rest = UInt64(bytes & ((1 << shift) - 1)).multipliedFullWidth(by: 100)
        // The hundredths: what is left times 100, by 2^shift.
        var hundredths = UInt64(rest.low >> UInt64(shift))
        if shift > 0 {
            if shift < 64 { hundredths |= rest.high << UInt64(64 - shift) }
            let remainder = rest.low & ((1 << UInt64(shift)) - 1)
            let half: UInt64 = 1 << UInt64(shift - 1)
            if remainder > half || (remainder == half && !hundredths.isMultiple(of: 2)) { hundredths += 1 }
        }
        let total = whole * 100 + Int(hundredths)
        let decimals = total % 100
        text.append(total / 100)
        text.append(decimals < 10 ? ".0" : ".")
        text.append(decimals)
        text.append(units[unit])
    }
}
