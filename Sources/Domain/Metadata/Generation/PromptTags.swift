/// A positive prompt taken apart into tags (contracts/iib.md §5).
///
/// Commas part tags, and so do full-width commas, the word `BREAK`, `>` with a blank behind it, and `<lora:name:weight>`
/// and `<lyco:…>`, which are tags of their own kind. Of a tag `-` and `_` become blanks, `\/[](){}` vanish, what follows
/// a colon is cut, blanks at its ends go, and letters become small. Each comes once, in the order of the prompt.
struct PromptTags {
    /// How many tags of a prompt are kept.
    static let limit = 8_192

    private(set) var tags: [String] = []
    private(set) var loras: [String] = []
    private(set) var lycos: [String] = []
    private var seen: Set<String> = []
    private var seenNetworks: Set<AutoTag> = []
    private var piece: [UInt8] = []
    private var isCut = false

    init(_ prompt: String) {
        piece.reserveCapacity(64)
        seen.reserveCapacity(32)
        prompt.reading { read($0) }
    }

    private mutating func read(_ view: TextBytes) {
        var index = 0
        while index < view.bytes.count, tags.count < Self.limit {
            let byte = view[index]
            switch byte {
            case UInt8(ascii: ","): flush()
            case 0xEF where Self.isWideComma(view, index):
                flush()
                index += 2
            case UInt8(ascii: ">") where index + 1 < view.bytes.count && TextBytes.isBlank(view[index + 1]): flush()
            case UInt8(ascii: "B") where Self.isBreak(view, index):
                flush()
                index += 4
            case UInt8(ascii: "<"):
                if let end = network(view, index) { index = end } else { append(byte) }
            case UInt8(ascii: ":"): isCut = true
            case UInt8(ascii: "-"), UInt8(ascii: "_"): append(0x20)
            case UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                break
            default: append(byte)
            }
            index += 1
        }
        flush()
    }

    private mutating func append(_ byte: UInt8) {
        if !isCut { piece.append(byte) }
    }

    private mutating func flush() {
        defer {
            piece.removeAll(keepingCapacity: true)
            isCut = false
        }
        guard !piece.isEmpty, let tag = Self.tag(piece), AutoTags.accepts(tag), tags.count < Self.limit,
            seen.insert(tag).inserted
        else { return }
        tags.append(tag)
    }

    /// The piece without blanks at its ends, in small letters; `nil` when nothing is left.
    private static func tag(_ piece: [UInt8]) -> String? {
        piece.withUnsafeBufferPointer { bytes in
            let view = TextBytes(bytes)
            let range = view.trimmed(view.range)
            guard !range.isEmpty else { return nil }
            guard range.contains(where: { view[$0] >= 0x80 }) else {
                return String(unsafeUninitializedCapacity: range.count) { output in
                    for (offset, index) in range.enumerated() { output[offset] = TextBytes.lowered(view[index]) }
                    return range.count
                }
            }
            // Blanks that are not ASCII, such as the ideographic one, go as well.
            let text = view.text(range).lowercased()
            guard let start = text.unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
                let end = text.unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
            else { return nil }
            return String(text.unicodeScalars[start...end])
        }
    }

    /// Takes `<lora:…>` or `<lyco:…>` at `start`; answers where its `>` stands, `nil` when there is none.
    private mutating func network(_ view: TextBytes, _ start: Int) -> Int? {
        let rest = start + 1..<view.bytes.count
        let isLyco = view.hasLowered("lyco:", rest)
        guard isLyco || view.hasLowered("lora:", rest) else { return nil }
        var end = start + 6
        while end < view.bytes.count, view[end] != UInt8(ascii: ">") {
            if view[end] == UInt8(ascii: "<") || view[end] == 0x0A { return nil }
            end += 1
        }
        guard end < view.bytes.count else { return nil }
        let colon = view.first(UInt8(ascii: ":"), start + 6..<end) ?? end
        let name = view.text(view.trimmed(start + 6..<colon))
        flush()
        let type = isLyco ? "lyco" : "lora"
        guard !name.isEmpty, loras.count + lycos.count < LoRAName.limit,
            seenNetworks.insert(AutoTag(type, name.lowercased())).inserted
        else { return end }
        if isLyco { lycos.append(name) } else { loras.append(name) }
        return end
    }

    /// U+FF0C.
    private static func isWideComma(_ view: TextBytes, _ index: Int) -> Bool {
        index + 2 < view.bytes.count && view[index + 1] == 0xBC && view[index + 2] == 0x8C
    }

    /// Whether `BREAK` stands at `index` as a word of its own.
    private static func isBreak(_ view: TextBytes, _ index: Int) -> Bool {
        guard view.has("BREAK", index..<view.bytes.count) else { return false }
        let end = index + 5
        if end < view.bytes.count, isPart(view[end]), !isWideComma(view, end) { return false }
        guard index > 0, isPart(view[index - 1]) else { return true }
        return index >= 3 && isWideComma(view, index - 3)
    }

    /// Whether a byte belongs to the word before or after it.
    private static func isPart(_ byte: UInt8) -> Bool {
        TextBytes.isWord(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
    }
}
