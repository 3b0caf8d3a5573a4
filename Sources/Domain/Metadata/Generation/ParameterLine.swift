/// The line of `Key: value` pairs at the end of a generation text, before anything of it is copied.
///
/// Pairs are separated by commas. A value is a quoted JSON string, a JSON object or array (`Hashes: {…}`), or what comes
/// up to the next comma. A piece without a name before a colon is passed over.
struct ParameterLine {
    /// One pair: where its name and its value stand, and whether the value is a quoted string.
    struct Pair {
        var key: Range<Int>
        var value: Range<Int>
        var isQuoted: Bool
        /// Where the piece starts: after the comma before it.
        var start: Int
    }

    let view: TextBytes
    let range: Range<Int>
    private(set) var pairs: [Pair] = []
    /// Whether any name is one that generators are known to write.
    private(set) var hasKnownKey = false
    /// Whether the line starts with such a name.
    private(set) var startsWithKnownKey = false
    /// Whether the last pair says where the text is from, which the index adds (contracts/iib.md §3).
    private(set) var namesSource = false

    init(_ view: TextBytes, _ range: Range<Int>) {
        self.view = view
        self.range = range
        pairs.reserveCapacity(24)
        var index = range.lowerBound
        while index < range.upperBound, pairs.count < GenerationMeta.limit {
            guard let pair = pair(at: index) else {
                index = (view.first(UInt8(ascii: ","), index..<range.upperBound) ?? range.upperBound - 1) + 1
                continue
            }
            if Self.isKnown(view, pair.key) {
                hasKnownKey = true
                if pairs.isEmpty, pair.key.lowerBound == range.lowerBound { startsWithKnownKey = true }
            }
            pairs.append(pair)
            index =
                (view.first(UInt8(ascii: ","), pair.value.upperBound..<range.upperBound) ?? range.upperBound - 1) + 1
            namesSource = index >= range.upperBound && Self.isSource(view, pair.key)
        }
    }

    /// Whether the line is one of parameters, and not of a prompt that has colons, such as those of weights.
    var isParameters: Bool {
        let others = pairs.count - (namesSource ? 1 : 0)
        if others == 0 { return namesSource && pairs[0].key.lowerBound == range.lowerBound }
        return pairs.count >= 2 && startsWithKnownKey || pairs.count >= 3 && hasKnownKey
    }

    /// The value of a pair as text.
    func value(_ pair: Pair) -> String {
        guard pair.isQuoted else { return view.text(pair.value) }
        let inside = pair.value.lowerBound + 1..<pair.value.upperBound - 1
        guard view.first(UInt8(ascii: "\\"), inside) != nil else { return view.text(inside) }
        let quoted = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: view.bytes[pair.value]))
        return (try? JSONParser.parse(quoted, depth: 1))?.string ?? view.text(inside)
    }

    private func pair(at start: Int) -> Pair? {
        var index = start
        while index < range.upperBound, view[index] != UInt8(ascii: ":") {
            guard Self.isKey(view[index]) else { return nil }
            index += 1
        }
        let key = view.trimmed(start..<index)
        guard index < range.upperBound, !key.isEmpty else { return nil }
        index += 1
        while index < range.upperBound, TextBytes.isBlank(view[index]) { index += 1 }
        if let end = quotedEnd(index) {
            return Pair(key: key, value: index..<end, isQuoted: true, start: start)
        }
        if let end = containerEnd(index) {
            return Pair(key: key, value: index..<end, isQuoted: false, start: start)
        }
        let end = view.first(UInt8(ascii: ","), index..<range.upperBound) ?? range.upperBound
        return Pair(key: key, value: view.trimmed(index..<end), isQuoted: false, start: start)
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        TextBytes.isWord(byte) || byte == 0x20 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
    }

    /// Whether a comma or the end of the line comes next.
    private func isEnd(_ index: Int) -> Bool {
        var index = index
        while index < range.upperBound, TextBytes.isBlank(view[index]) { index += 1 }
        return index >= range.upperBound || view[index] == UInt8(ascii: ",")
    }

    private func quotedEnd(_ start: Int) -> Int? {
        guard start < range.upperBound, view[start] == UInt8(ascii: "\"") else { return nil }
        var index = start + 1
        while index < range.upperBound {
            switch view[index] {
            case UInt8(ascii: "\""): return isEnd(index + 1) ? index + 1 : nil
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }

    /// Where the JSON object or array that starts at `start` ends.
    private func containerEnd(_ start: Int) -> Int? {
        guard start < range.upperBound, view[start] == UInt8(ascii: "{") || view[start] == UInt8(ascii: "[") else {
            return nil
        }
        var (index, depth, isText) = (start, 0, false)
        while index < range.upperBound {
            switch view[index] {
            case UInt8(ascii: "\\") where isText: index += 1
            case UInt8(ascii: "\""): isText.toggle()
            case _ where isText: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return isEnd(index + 1) ? index + 1 : nil }
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func isSource(_ view: TextBytes, _ key: Range<Int>) -> Bool {
        key.count == 17 && view.has("Source Identifier", key)
    }

    /// Whether a name is one that starts or stands in the line of some generator.
    private static func isKnown(_ view: TextBytes, _ key: Range<Int>) -> Bool {
        switch key.count {
        case 4: view.has("Seed", key) || view.has("Size", key)
        case 5: view.has("Steps", key) || view.has("Model", key)
        case 7: view.has("Sampler", key) || view.has("Version", key) || view.has("Refiner", key)
        case 9: view.has("CFG scale", key) || view.has("Clip skip", key) || view.has("Sharpness", key)
        case 10: view.has("Model hash", key)
        case 11: view.has("Performance", key)
        case 12: view.has("Lora weights", key)
        case 13: view.has("Schedule type", key)
        case 18: view.has("Denoising strength", key)
        case 20: view.has("Postprocess upscaler", key)
        case 22: view.has("Postprocess upscale by", key)
        default: false
        }
    }
}
