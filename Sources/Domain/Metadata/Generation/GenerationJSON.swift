/// Reads the JSON that programs put into pictures, which Python writes with NaN and Infinity in it.
enum GenerationJSON {
    /// The longest text that is read, in bytes.
    static let lengthLimit = 8 << 20
    private static let depthLimit = 96

    /// Whether a text starts like an object.
    static func isObject(_ text: String) -> Bool {
        text.utf8.first { !TextBytes.isBlank($0) } == UInt8(ascii: "{")
    }

    /// An object; `nil` for anything else, and for what is too long or nested too deeply.
    static func object(_ text: String) -> JSON? {
        guard text.utf8.count <= lengthLimit, isObject(text) else { return nil }
        var text = text
        return text.withUTF8 { bytes in
            if let value = try? JSONParser.parse(UnsafeRawBufferPointer(bytes), depth: depthLimit) { return value }
            guard let mended = withoutNonNumbers(TextBytes(bytes)) else { return nil }
            return try? JSONParser.parse(mended, depth: depthLimit)
        }
    }

    /// The text with `null` for every NaN and Infinity outside of strings; `nil` when there are none.
    private static func withoutNonNumbers(_ view: TextBytes) -> [UInt8]? {
        var mended: [UInt8] = []
        var (index, copied, isString) = (0, 0, false)
        while index < view.bytes.count {
            let rest = index..<view.bytes.count
            switch view[index] {
            case UInt8(ascii: "\\") where isString: index += 2
            case UInt8(ascii: "\""):
                isString.toggle()
                index += 1
            case _ where isString: index += 1
            case UInt8(ascii: "N"), UInt8(ascii: "I"), UInt8(ascii: "-"):
                let count =
                    view.has("NaN", rest) ? 3 : view.has("Infinity", rest) ? 8 : view.has("-Infinity", rest) ? 9 : 0
                if count > 0 {
                    mended.append(contentsOf: view.bytes[copied..<index])
                    mended.append(contentsOf: "null".utf8)
                    copied = index + count
                }
                index += max(count, 1)
            default: index += 1
            }
        }
        guard copied > 0 else { return nil }
        mended.append(contentsOf: view.bytes[copied...])
        return mended
    }
}

extension JSON {
    /// A string, or a number or boolean as it would be written; `nil` for an empty string and everything else.
    var scalarText: String? {
        switch self {
        case .string(let value): value.isEmpty ? nil : value
        case .int(let value): String(value)
        case .unsigned(let value): String(value)
        case .double(let value): Int64(exactly: value).map { String($0) } ?? String(value)
        case .bool(let value): value ? "True" : "False"
        default: nil
        }
    }
}
