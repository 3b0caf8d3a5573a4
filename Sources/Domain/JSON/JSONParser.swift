import OrderedCollections

/// Reads RFC 8259 strictly from UTF-8 bytes: no comments, no trailing commas, nothing after the value.
///
/// The depth is bounded, so no input can exhaust the stack. Invalid UTF-8 is a syntax error. An escaped lone
/// surrogate, which no Unicode text can hold, becomes U+FFFD.
package struct JSONParser {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var depthLeft: Int
    /// Whether elements and members are kept, or only looked at.
    private let keepsContents: Bool
    /// Whether numbers may be what is none, or too large for a double.
    private let isLikePython: Bool

    private init(
        _ bytes: UnsafeRawBufferPointer,
        depth: Int,
        keepsContents: Bool = true,
        isLikePython: Bool = false
    ) {
        self.bytes = bytes
        depthLeft = depth
        self.keepsContents = keepsContents
        self.isLikePython = isLikePython
    }

    /// Makes sure that bytes are one complete value, in no more memory than its greatest text takes.
    ///
    /// Throws ``JSONError``.
    package static func check(_ bytes: [UInt8], depth: Int = 32) throws(JSONError) {
        let result: Result<Void, JSONError> = bytes.withUnsafeBytes { buffer in
            var parser = JSONParser(buffer, depth: depth, keepsContents: false)
            do throws(JSONError) { return .success(try parser.whole { _ in }) } catch { return .failure(error) }
        }
        try result.get()
    }

    private mutating func whole<Value>(_ body: (JSON) -> Value) throws(JSONError) -> Value {
        skipBlanks()
        let value = try value()
        skipBlanks()
        guard index == bytes.count else { throw failure() }
        return body(value)
    }

    /// Parses one complete value.
    ///
    /// `depth` is the greatest number of arrays and objects inside one another.
    /// Throws ``JSONError``.
    package static func parse(_ bytes: UnsafeRawBufferPointer, depth: Int = 32) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes, depth: depth)
        return try parser.whole { $0 }
    }

    /// Parses one complete value from an array of bytes; throws ``JSONError``.
    package static func parse(_ bytes: [UInt8], depth: Int = 32) throws(JSONError) -> JSON {
        let result: Result<JSON, JSONError> = bytes.withUnsafeBytes { buffer in
            do throws(JSONError) { return .success(try parse(buffer, depth: depth)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Parses one complete value from a text; throws ``JSONError``.
    package static func parse(_ text: String, depth: Int = 32) throws(JSONError) -> JSON {
        try parse(Array(text.utf8), depth: depth)
    }

    /// Parses one complete value as Python's decoder does.
    ///
    /// `NaN`, `Infinity` and `-Infinity` are numbers, and one that is too large for a double is infinite. Throws
    /// ``JSONError``.
    package static func parse(likePython text: String, depth: Int = 32) throws(JSONError) -> JSON {
        let result: Result<JSON, JSONError> = Array(text.utf8).withUnsafeBytes { buffer in
            var parser = JSONParser(buffer, depth: depth, isLikePython: true)
            do throws(JSONError) { return .success(try parser.whole { $0 }) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private func failure() -> JSONError { .syntax(offset: index) }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSON {
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N") where isLikePython: return try word("NaN", .double(.nan))
        case UInt8(ascii: "I") where isLikePython: return try word("Infinity", .double(.infinity))
        case UInt8(ascii: "-") where isLikePython && isNext(UInt8(ascii: "I")):
            return try word("-Infinity", .double(-.infinity))
        default: return try number()
        }
    }

    private func isNext(_ byte: UInt8) -> Bool { index + 1 < bytes.count && bytes[index + 1] == byte }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let count = word.utf8CodeUnitCount
        guard bytes.count - index >= count else { throw failure() }
        for position in 0..<count where bytes[index + position] != word.utf8Start[position] { throw failure() }
        index += count
        return value
    }

    private mutating func enter() throws(JSONError) {
        guard depthLeft > 0 else { throw .tooDeep }
        depthLeft -= 1
        index += 1
        skipBlanks()
    }

    private mutating func leave() {
        depthLeft += 1
        index += 1
    }

    private mutating func array() throws(JSONError) -> JSON {
        try enter()
        var elements: [JSON] = []
        if current == UInt8(ascii: "]") {
            leave()
            return .array(elements)
        }
        if keepsContents { elements.reserveCapacity(2) }
        while true {
            let element = try value()
            if keepsContents { elements.append(element) }
            skipBlanks()
            switch current {
            case UInt8(ascii: ","):
                index += 1
                skipBlanks()
            case UInt8(ascii: "]"):
                leave()
                return .array(elements)
            default: throw failure()
            }
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        try enter()
        var members: OrderedDictionary<String, JSON> = [:]
        if current == UInt8(ascii: "}") {
            leave()
            return .object(members)
        }
        if keepsContents { members.reserveCapacity(4) }
        while true {
            guard current == UInt8(ascii: "\"") else { throw failure() }
            let name = try string()
            skipBlanks()
            guard current == UInt8(ascii: ":") else { throw failure() }
            index += 1
            skipBlanks()
            let member = try value()
            if keepsContents { members[name] = member }
            skipBlanks()
            switch current {
            case UInt8(ascii: ","):
                index += 1
                skipBlanks()
            case UInt8(ascii: "}"):
                leave()
                return .object(members)
            default: throw failure()
            }
        }
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { index += 1 }
        return index - start
    }

    private func shortInteger(_ range: Range<Int>) -> Int64 {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value: Int64 = 0
        for byte in bytes[(isNegative ? range.dropFirst() : range)] { value = 10 * value + Int64(byte & 15) }
        return isNegative ? -value : value
    }

    private mutating func number() throws(JSONError) -> JSON {
        let start = index
        if current == UInt8(ascii: "-") { index += 1 }
        let leadingZero = current == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !(leadingZero && whole > 1) else { throw failure() }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            guard digits() > 0 else { throw failure() }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            guard digits() > 0 else { throw failure() }
        }
        // Up to 18 digits fit whatever they are.
        if isInteger, index - start <= 18 { return .int(shortInteger(start..<index)) }
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
        if isInteger, let value = Int64(text) { return .int(value) }
        if isInteger, let value = UInt64(text) { return .unsigned(value) }
        guard let value = Double(text), isLikePython || value.isFinite else { throw .syntax(offset: start) }
        return .double(value)
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        var isASCII = true
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
                index += 1
                // What is valid already need not be validated, which costs more than all else here.
                if isASCII { return String(decoding: slice, as: UTF8.self) }
                guard let text = String(validating: slice, as: UTF8.self) else { throw .syntax(offset: start) }
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw failure()
            case 0x80...:
                isASCII = false
                index += 1
            default: index += 1
            }
        }
        throw failure()
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = [UInt8](bytes[start..<index])
        while let byte = current {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: text, as: UTF8.self) else { throw .syntax(offset: start) }
                return text
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw failure()
            default: text.append(byte)
            }
        }
        throw failure()
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = current else { throw failure() }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try escapedScalar())).utf8)
        default: throw failure()
        }
    }

    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let unit = try hexUnit()
        if unit & 0xFC00 == 0xD800, bytes.count - index >= 6, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            let back = index
            index += 2
            let low = try hexUnit()
            if low & 0xFC00 == 0xDC00 {
                return Unicode.Scalar(0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(low & 0x3FF)) ?? replacement
            }
            index = back
        }
        return Unicode.Scalar(UInt32(unit)) ?? replacement
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        guard bytes.count - index >= 4 else { throw failure() }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = bytes[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] - UInt8(ascii: "A") + 10
            default: throw failure()
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
