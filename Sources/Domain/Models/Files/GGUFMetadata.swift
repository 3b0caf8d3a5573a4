/// The key-values at the beginning of a GGUF file, as far as they are texts (ggml, docs/gguf.md).
///
/// Versions 1 to 3, and the big-endian form. Reading ends at the vocabulary of a language model, which can take
/// megabytes: what a file says of itself stands before it.
struct GGUFMetadata {
    /// How many key-values are read.
    static let limit = 1024
    /// The longest key, in bytes; the format allows 65,535, of ASCII.
    private static let keyLimit = 1024
    /// The longest text that is kept, in bytes, and the most texts of a list.
    static let textLimit = 65_536
    private static let listLimit = 64

    private enum ValueType: Int {
        case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

        /// The bytes of a value; `nil` when that varies.
        var size: Int? {
            switch self {
            case .uint8, .int8, .bool: 1
            case .uint16, .int16: 2
            case .uint32, .int32, .float32: 4
            case .uint64, .int64, .float64: 8
            case .string, .array: nil
            }
        }
    }

    private var offset = 4
    private var isBigEndian = false
    private var version = 0

    /// The texts of these keys, lists of texts joined by commas; `nil` for a file that is none.
    ///
    /// What is cut off or broken ends the reading; what was read before it stays.
    static func texts(_ source: inout ByteSource, _ wanted: Set<String>) -> [String: String]? {
        guard source.has("GGUF", at: 0) else { return nil }
        var reader = GGUFMetadata()
        return reader.read(&source, wanted)
    }

    private mutating func read(_ source: inout ByteSource, _ wanted: Set<String>) -> [String: String]? {
        guard let little = source.little(4, 4), let big = source.big(4, 4) else { return nil }
        isBigEndian = !(1...3).contains(little)
        version = isBigEndian ? big : little
        guard (1...3).contains(version) else { return nil }
        offset = 8
        guard length(&source) != nil, let count = length(&source) else { return [:] }
        var texts: [String: String] = [:]
        for _ in 0..<min(count, Self.limit) {
            guard let key = text(&source, limit: Self.keyLimit), !key.hasPrefix("tokenizer."),
                let type = number(&source, 4).flatMap({ ValueType(rawValue: $0) })
            else { break }
            guard wanted.contains(key) else {
                guard skip(&source, type) else { break }
                continue
            }
            guard let value = value(&source, type) else { break }
            if !value.isEmpty { texts[key] = value }
        }
        return texts
    }

    private mutating func number(_ source: inout ByteSource, _ size: Int) -> Int? {
        let value =
            switch (size, isBigEndian) {
            case (8, true): source.big64(offset)
            case (8, false): source.little64(offset)
            case (_, true): source.big(offset, size)
            case (_, false): source.little(offset, size)
            }
        offset += size
        return value
    }

    /// A count or the length of a text: of 8 bytes since version 2.
    private mutating func length(_ source: inout ByteSource) -> Int? { number(&source, version == 1 ? 4 : 8) }

    /// Goes on by so many bytes; `false` when the file ends before.
    private mutating func advance(_ source: ByteSource, by length: Int) -> Bool {
        guard length >= 0, length <= source.count - offset else { return false }
        offset += length
        return true
    }

    /// A text, cut off after `limit` bytes.
    private mutating func text(_ source: inout ByteSource, limit: Int) -> String? {
        guard let length = length(&source) else { return nil }
        let start = offset
        guard advance(source, by: length) else { return nil }
        return source.withBytes(start, min(length, limit)) { String(decoding: $0, as: UTF8.self) }
    }

    /// A text, or a list of texts; empty for any other value, `nil` when it cannot be stepped over.
    private mutating func value(_ source: inout ByteSource, _ type: ValueType) -> String? {
        if type == .string { return text(&source, limit: Self.textLimit) }
        guard type == .array else { return skip(&source, type) ? "" : nil }
        let start = offset
        guard number(&source, 4) == ValueType.string.rawValue, let count = length(&source), count <= Self.listLimit
        else {
            offset = start
            return skip(&source, type) ? "" : nil
        }
        var texts: [String] = []
        for _ in 0..<count {
            guard let text = text(&source, limit: Self.keyLimit) else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: ", ")
    }

    /// Steps over a value; `false` at lists of lists, long lists of texts, and the end of the file.
    private mutating func skip(_ source: inout ByteSource, _ type: ValueType) -> Bool {
        if let size = type.size { return advance(source, by: size) }
        if type == .string { return length(&source).map { advance(source, by: $0) } ?? false }
        guard let element = number(&source, 4).flatMap({ ValueType(rawValue: $0) }), let count = length(&source) else {
            return false
        }
        if let size = element.size {
            let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
            return !overflow && advance(source, by: bytes)
        }
        guard element == .string, count <= Self.limit else { return false }
        for _ in 0..<count {
            guard let length = length(&source), advance(source, by: length) else { return false }
        }
        return true
    }
}
