import OrderedCollections

/// A generation text in the form of Stable Diffusion web UI, taken apart.
///
///     a cat, <lora:fluffy:0.8>
///     Negative prompt: dog
///     Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768, Lora hashes: "fluffy: 7c6bad76eb54"
///
/// The last line holds the parameters if it looks so; otherwise the last line that starts with `Steps:` and holds
/// three or more, with what follows it; otherwise all is prompt. A JSON object has no prompt. Any text can be read,
/// whatever it is.
package struct GenerationParameters: Hashable, Sendable {
    package var positive = ""
    package var negative = ""
    package var meta = GenerationMeta()

    package init(_ text: String) {
        self = text.reading { Self($0) }
    }

    private init(_ view: TextBytes) {
        var whole = view.trimmed(view.range)
        guard !whole.isEmpty, !takeObject(view, whole) else { return }
        let start = (view.last(0x0A, whole) ?? whole.lowerBound - 1) + 1
        let last = ParameterLine(view, view.trimmed(start..<whole.upperBound))
        if last.isParameters {
            take(last)
            whole = whole.lowerBound..<start
        } else {
            if last.namesSource, let source = last.pairs.last {
                meta.set("Source Identifier", last.value(source))
                whole = whole.lowerBound..<max(source.start - 1, whole.lowerBound)
            }
            if let line = Self.stepsLine(view, whole) {
                takeLines(view, line..<whole.upperBound)
                whole = whole.lowerBound..<line
            }
        }
        takePrompts(view, whole)
    }

    /// Whether the text is a JSON object, with its source behind it or not: then none of it is prompt.
    private mutating func takeObject(_ view: TextBytes, _ whole: Range<Int>) -> Bool {
        guard view.has("{", whole), let close = view.last(UInt8(ascii: "}"), whole) else { return false }
        let rest = view.trimmed(close + 1..<whole.upperBound)
        let line = ParameterLine(view, rest)
        guard rest.isEmpty || line.namesSource && view.has(",", rest) && line.pairs[0].start == rest.lowerBound + 1,
            GenerationJSON.object(view.text(whole.lowerBound..<close + 1))?.object?.isEmpty == false
        else { return false }
        take(line)
        return true
    }

    private mutating func take(_ line: ParameterLine) {
        for pair in line.pairs { meta.set(line.view.text(pair.key), line.value(pair)) }
    }

    private mutating func takeLines(_ view: TextBytes, _ range: Range<Int>) {
        // What the last line said of its source stays last.
        let source = meta
        meta = GenerationMeta()
        var start = range.lowerBound
        while start < range.upperBound {
            let end = view.first(0x0A, start..<range.upperBound) ?? range.upperBound
            take(ParameterLine(view, view.trimmed(start..<end)))
            start = end + 1
        }
        for entry in source.entries { meta.set(entry.key, entry.value) }
    }

    /// The start of the last line that starts with `Steps:` and holds three parameters or more.
    private static func stepsLine(_ view: TextBytes, _ range: Range<Int>) -> Int? {
        var end = range.upperBound
        while let feed = view.last(0x0A, range.lowerBound..<end) {
            let start = feed + 1
            if view.has("Steps:", start..<end) {
                let line = ParameterLine(view, view.trimmed(start..<end))
                return line.pairs.count >= 3 ? start : nil
            }
            end = feed
        }
        return nil
    }

    private mutating func takePrompts(_ view: TextBytes, _ range: Range<Int>) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = view.first(0x0A, start..<range.upperBound) ?? range.upperBound
            let line = view.trimmed(start..<end)
            if view.has("Negative prompt:", line) {
                positive = Self.lines(view, range.lowerBound..<start)
                negative = Self.negativeLines(view, line.lowerBound..<range.upperBound)
                return
            }
            start = end + 1
        }
        positive = Self.lines(view, range)
    }

    /// The negative prompt, from the line that starts it; further lines that start so belong to it.
    private static func negativeLines(_ view: TextBytes, _ range: Range<Int>) -> String {
        let prefix = "Negative prompt:".utf8.count
        return lines(view, range.lowerBound + prefix..<range.upperBound)
    }

    /// A text whose lines have no blanks at their ends, without empty lines at its own ends.
    static func lines(_ view: TextBytes, _ range: Range<Int>) -> String {
        let range = view.trimmed(range)
        guard view.first(0x0A, range) != nil else { return view.text(range) }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var start = range.lowerBound
        while start <= range.upperBound {
            let end = view.first(0x0A, start..<range.upperBound) ?? range.upperBound
            if start > range.lowerBound { text.append(0x0A) }
            text.append(contentsOf: view.bytes[view.trimmed(start..<end)])
            start = end + 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}
