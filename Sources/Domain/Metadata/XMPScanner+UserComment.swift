extension XMPScanner {
    /// The text of `exif:UserComment`, its entities decoded; `nil` when there is none or it is blank.
    ///
    /// It is an attribute, the content of an element, or that of the first `rdf:li` in it (XMP part 2 §3.4).
    static func userComment(in packet: String) -> String? {
        let name: StaticString = "exif:UserComment"
        return packet.reading { view in
            var start = 0
            while let place = view.occurrence(of: name, start..<view.bytes.count) {
                start = place + name.utf8CodeUnitCount
                guard place > 0, start < view.bytes.count else { continue }
                let isElement = view[place - 1] == UInt8(ascii: "<")
                guard isElement || TextBytes.isBlank(view[place - 1]), !isName(view[start]) else { continue }
                let rest = start..<view.bytes.count
                guard let range = isElement ? element(view, rest) : attribute(view, rest) else { return nil }
                let text = MarkupText.decoded(view, view.trimmed(range))
                return text.utf8.allSatisfy(TextBytes.isBlank) ? nil : text
            }
            return nil
        }
    }

    private static func isName(_ byte: UInt8) -> Bool {
        TextBytes.isWord(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func element(_ view: TextBytes, _ rest: Range<Int>) -> Range<Int>? {
        guard let content = content(view, rest, end: "</exif:UserComment") else { return nil }
        guard let item = view.occurrence(of: "<rdf:li", content) else { return content }
        return self.content(view, item..<content.upperBound, end: "</rdf:li")
    }

    /// What stands between the end of the tag in which the range starts and `end`.
    private static func content(_ view: TextBytes, _ range: Range<Int>, end: StaticString) -> Range<Int>? {
        guard let open = view.first(UInt8(ascii: ">"), range), open > 0, view[open - 1] != UInt8(ascii: "/"),
            let close = view.occurrence(of: end, open + 1..<range.upperBound)
        else { return nil }
        return open + 1..<close
    }

    private static func attribute(_ view: TextBytes, _ rest: Range<Int>) -> Range<Int>? {
        let rest = view.trimmed(rest)
        guard view.has("=", rest) else { return nil }
        let value = view.trimmed(rest.lowerBound + 1..<rest.upperBound)
        guard view.has("\"", value) || view.has("'", value),
            let close = view.first(view[value.lowerBound], value.lowerBound + 1..<value.upperBound)
        else { return nil }
        return value.lowerBound + 1..<close
    }
}
