/// Texts that stand in XML or HTML.
enum MarkupText {
    /// The longest entity that is looked for, from `&` to `;`.
    private static let entityLength = 12

    /// A text with the five entities of XML, `&nbsp;` and those of numbers as characters; any other stays as it is.
    static func decoded(_ view: TextBytes, _ range: Range<Int>) -> String {
        guard view.first(UInt8(ascii: "&"), range) != nil else { return view.text(range) }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if view[index] == UInt8(ascii: "&"),
                let end = view.first(UInt8(ascii: ";"), index..<min(index + entityLength, range.upperBound)),
                let scalar = scalar(view.text(index + 1..<end))
            {
                text.append(contentsOf: String(scalar).utf8)
                index = end + 1
            } else {
                text.append(view[index])
                index += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The character that an entity stands for; `nil` for a name that is not known and a number that is none.
    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return " "
        default:
            guard name.utf8.first == UInt8(ascii: "#") else { return nil }
            let digits = name.dropFirst()
            let isHexadecimal = digits.first == "x" || digits.first == "X"
            let number = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
        }
    }
}

extension TextBytes {
    /// Where `part` first starts in the range.
    func occurrence(of part: StaticString, _ range: Range<Int>) -> Int? {
        let first = part.utf8Start[0]
        var start = range.lowerBound
        while let place = self.first(first, start..<range.upperBound) {
            if has(part, place..<range.upperBound) { return place }
            start = place + 1
        }
        return nil
    }
}
