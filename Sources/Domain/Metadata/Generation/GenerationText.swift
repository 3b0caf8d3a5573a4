/// Writes generation texts in the form of Stable Diffusion web UI, which ``GenerationParameters`` reads back.
///
/// Blanks at the ends of lines and a line of a prompt that itself starts with `Negative prompt:` do not come back.
package enum GenerationText {
    /// Positive prompt, negative prompt and parameters, each on lines of their own.
    ///
    /// Parameters without a value should not be given; the last one should be the source.
    package static func write(positive: String, negative: String, meta: GenerationMeta) -> String {
        var text = ""
        text.reserveCapacity(positive.utf8.count + negative.utf8.count + 256)
        text += positive
        text += "\nNegative prompt: "
        text += negative
        text += "\n"
        var isFirst = true
        for entry in meta.entries {
            if !isFirst { text += ", " }
            isFirst = false
            text += entry.key
            text += ": "
            text += quoted(entry.value)
        }
        return text
    }

    /// The text with its source at the end, as the index keeps it; blanks at the end of the text go.
    package static func marked(_ text: String, source: String) -> String {
        let body = text.reading { view in
            let end = view.trimmed(view.range).upperBound
            return end == view.bytes.count ? text : view.text(0..<end)
        }
        return body + ", Source Identifier: " + source
    }

    /// A value as it is, or as a JSON string when it could be read as something else.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.reading { view in
            guard view.trimmed(view.range) == view.range else { return false }
            switch view.bytes.first {
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["): return false
            default: return view.range.allSatisfy { view[$0] >= 0x20 && view[$0] != UInt8(ascii: ",") }
            }
        }
        return isPlain ? value : JSON.string(value).text
    }
}
