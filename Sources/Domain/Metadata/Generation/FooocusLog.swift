import OrderedCollections

/// The page in which Fooocus notes how it made the pictures of a folder, since by default they do not say so themselves.
///
///     <div id="2024-01-08_10-12-14_1234_png" class="image-container">…<table class="metadata">
///     <tr><td class="label">Prompt</td><td class="value">a cat</td></tr>
///
/// The id is the name of the picture with `_` for every dot. Nothing of the page is trusted: what looks otherwise is
/// passed over.
struct FooocusLog {
    static let name = "log.html"
    /// A longer page is not read.
    static let lengthLimit = 16 << 20
    /// How many pictures of a page and how many rows of a picture are looked at.
    private static let entriesLimit = 50_000
    private static let rowsLimit = 256

    private let bytes: [UInt8]
    /// Where what is said of a picture stands, by its id; of several the first, which is the newest.
    private var entries: [String: Range<Int>] = [:]

    /// Finds the pictures of a page.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        bytes.withUnsafeBufferPointer { findEntries(TextBytes($0)) }
    }

    private mutating func findEntries(_ view: TextBytes) {
        var last: (id: String, start: Int)?
        var start = 0
        func end(at end: Int) {
            if let last, entries[last.id] == nil { entries[last.id] = last.start..<end }
        }
        while entries.count < Self.entriesLimit, let place = view.occurrence(of: "<div id=", start..<view.bytes.count) {
            start = place + 8
            guard start < view.bytes.count, let quote = Self.quote(view[start]),
                let close = view.first(quote, start + 1..<min(start + 512, view.bytes.count)),
                let tag = view.first(UInt8(ascii: ">"), close..<min(close + 512, view.bytes.count)),
                view.occurrence(of: "image-container", close..<tag) != nil
            else { continue }
            end(at: place)
            last = (view.text(start + 1..<close), tag + 1)
            start = tag + 1
        }
        end(at: view.bytes.count)
    }

    /// A number that is another one when what is said of the picture changes; `nil` when nothing is said of it.
    func mark(of name: String) -> Int? {
        guard let range = entries[Self.id(name)] else { return nil }
        // FNV-1a: it is kept in the database, so it must be the same at every start.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes[range] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(hash >> 1)
    }

    /// What is said of the picture, under the labels of the page; `nil` when nothing is said of it.
    func parameters(of name: String) -> JSON? {
        guard let range = entries[Self.id(name)] else { return nil }
        return bytes.withUnsafeBufferPointer { Self.parameters(TextBytes($0), range) }
    }

    private static func id(_ name: String) -> String { name.replacing(".", with: "_") }

    private static func quote(_ byte: UInt8) -> UInt8? {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") ? byte : nil
    }

    private static func parameters(_ view: TextBytes, _ range: Range<Int>) -> JSON {
        var members: OrderedDictionary<String, JSON> = [:]
        var (label, start, loras) = ("", range.lowerBound, 0)
        while members.count < rowsLimit, let cell = cell(view, start..<range.upperBound) {
            start = cell.next
            switch cell.kind {
            case .other: break
            case .label: label = text(view, cell.content)
            case .value where label.isEmpty: break
            case .value:
                var (key, value) = (label, text(view, cell.content))
                label = ""
                if key.hasPrefix("LoRA") {
                    // "LoRA 1" is "ink : 0.5"; before, "LoRA [ink] weight" was 0.5.
                    if let open = key.firstIndex(of: "["), let close = key.lastIndex(of: "]"), open < close {
                        value = key[key.index(after: open)..<close] + " : " + value
                    }
                    loras += 1
                    key = "lora_combined_\(loras)"
                }
                if members[key] == nil { members[key] = .string(value) }
            }
        }
        return .object(members)
    }

    private enum Kind { case label, value, other }

    /// The next cell of a table; one without a known class ends with its tag, since it may have a table in it.
    private static func cell(
        _ view: TextBytes,
        _ range: Range<Int>
    ) -> (kind: Kind, content: Range<Int>, next: Int)? {
        guard let place = view.occurrence(of: "<td", range),
            let tag = view.first(UInt8(ascii: ">"), place..<range.upperBound)
        else { return nil }
        let kind = kind(view, place + 3..<tag)
        if kind == .other { return (kind, tag..<tag, tag + 1) }
        guard let end = view.occurrence(of: "</td>", tag + 1..<range.upperBound) else { return nil }
        return (kind, tag + 1..<end, end + 5)
    }

    private static func kind(_ view: TextBytes, _ attributes: Range<Int>) -> Kind {
        let range = view.trimmed(attributes)
        guard view.has("class=", range), range.count > 8, let quote = quote(view[range.lowerBound + 6]),
            let close = view.first(quote, range.lowerBound + 7..<range.upperBound)
        else { return .other }
        switch view.text(range.lowerBound + 7..<close) {
        case "label", "key": return .label
        case "value": return .value
        default: return .other
        }
    }

    /// The text of a cell, in which line breaks are tags.
    private static func text(_ view: TextBytes, _ range: Range<Int>) -> String {
        let text = view.text(view.trimmed(range))
        let lines =
            text.utf8.contains(UInt8(ascii: "<"))
            ? ["</br>", "<br>", "<br/>", "<br />"].reduce(text) { $0.replacing($1, with: "\n") } : text
        return lines.reading { MarkupText.decoded($0, $0.range) }
    }
}
