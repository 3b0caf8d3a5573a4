/// Pieces of JSON text, one after the other in a growing buffer; what stands between them is the caller's.
///
///     var text = JSONText()
///     text.append(#"{"name":"#)
///     text.append(quoted: name)
///     text.append("}")
///
/// For lists of many objects of one shape, whose braces, commas and names need not be thought of one by one.
package struct JSONText {
    /// What has been written so far.
    package private(set) var bytes: [UInt8] = []

    /// Starts with an empty buffer that has room for `capacity` bytes.
    package init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Appends text as it stands.
    package mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends bytes as they stand; not generic, for who calls it from another module for every line of a list.
    package mutating func append(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }

    /// Appends bytes as they stand.
    package mutating func append(contentsOf bytes: some Collection<UInt8>) { self.bytes.append(contentsOf: bytes) }

    /// Appends one byte as it stands.
    package mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends an integer in decimal.
    package mutating func append(_ number: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(magnitude: UInt64(number.magnitude))
    }

    /// Appends a number that is not negative in decimal.
    mutating func append(magnitude: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            var rest = magnitude
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
                rest = quotient
            } while rest > 0
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Appends a text as a JSON string, in quotes.
    package mutating func append(quoted text: String) {
        var text = text
        text.withUTF8 { append(quoted: $0) }
    }

    /// Appends UTF-8 as a JSON string, in quotes.
    package mutating func append(quoted text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        while let place = Self.special(in: text, from: start) {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
            escape(text[place])
            start = place + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        bytes.append(UInt8(ascii: "\""))
    }

    /// Where the next byte that must be escaped stands, sixteen looked at in one go.
    private static func special(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        typealias Block = SIMD16<UInt8>
        let raw = UnsafeRawBufferPointer(text)
        var place = start
        while place + 16 <= text.count {
            let block = raw.loadUnaligned(fromByteOffset: place, as: Block.self)
            let isSpecial =
                (block .< Block(repeating: 0x20)) .| (block .== Block(repeating: UInt8(ascii: "\"")))
                .| (block .== Block(repeating: UInt8(ascii: "\\")))
            if any(isSpecial) { break }
            place += 16
        }
        while place < text.count {
            if isSpecial(text[place]) { return place }
            place += 1
        }
        return nil
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            append("u00")
            for digit in [byte >> 4, byte & 15] {
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
