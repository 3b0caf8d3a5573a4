/// Why a text is no JSON, in the words and at the place that Python's decoder tells.
struct IIBJSONFault: Hashable, Sendable {
    /// The character, from 0, that it is about.
    private(set) var position = 0
    private(set) var reason = "Expecting value"

    private struct Found: Error {
        var position: Int
        var reason: String
    }

    /// Looks for the first fault of a text that has one; its nesting must be bounded by whoever calls.
    init(_ text: String) {
        var reader = Reader(Array(text.unicodeScalars))
        do throws(Found) {
            try reader.whole()
        } catch {
            position = error.position
            reason = error.reason
        }
    }

    private struct Reader {
        let text: [Unicode.Scalar]
        var index = 0
        var depth = 0

        init(_ text: [Unicode.Scalar]) {
            self.text = text
        }

        var current: Unicode.Scalar? { index < text.count ? text[index] : nil }

        mutating func whole() throws(Found) {
            skipBlanks()
            try value()
            skipBlanks()
            guard index == text.count else { throw Found(position: index, reason: "Extra data") }
        }

        mutating func skipBlanks() {
            while let scalar = current, [" ", "\t", "\n", "\r"].contains(scalar) { index += 1 }
        }

        mutating func value() throws(Found) {
            switch current {
            case "{": try nested(object)
            case "[": try nested(array)
            case "\"": try string()
            default:
                for word in ["true", "false", "null", "NaN", "Infinity", "-Infinity"]
                where text[index...].starts(with: word.unicodeScalars) {
                    index += word.unicodeScalars.count
                    return
                }
                try number()
            }
        }

        mutating func nested(_ body: (inout Reader) throws(Found) -> Void) throws(Found) {
            // Deeper texts are refused before anyone asks what is wrong with them.
            guard depth < 64 else { throw Found(position: index, reason: "Expecting value") }
            depth += 1
            index += 1
            skipBlanks()
            try body(&self)
            depth -= 1
        }

        private var array: (inout Reader) throws(Found) -> Void {
            { reader throws(Found) in
                if reader.current == "]" {
                    reader.index += 1
                    return
                }
                while true {
                    try reader.value()
                    guard try reader.goesOn(until: "]") else { return }
                }
            }
        }

        private var object: (inout Reader) throws(Found) -> Void {
            { reader throws(Found) in
                if reader.current == "}" {
                    reader.index += 1
                    return
                }
                while true {
                    guard reader.current == "\"" else {
                        let reason = "Expecting property name enclosed in double quotes"
                        throw Found(position: reader.index, reason: reason)
                    }
                    try reader.string()
                    reader.skipBlanks()
                    guard reader.current == ":" else {
                        throw Found(position: reader.index, reason: "Expecting ':' delimiter")
                    }
                    reader.index += 1
                    reader.skipBlanks()
                    try reader.value()
                    guard try reader.goesOn(until: "}") else { return }
                }
            }
        }

        mutating func goesOn(until end: Unicode.Scalar) throws(Found) -> Bool {
            skipBlanks()
            guard current != end else {
                index += 1
                return false
            }
            guard current == "," else { throw Found(position: index, reason: "Expecting ',' delimiter") }
            index += 1
            skipBlanks()
            return true
        }

        mutating func string() throws(Found) {
            let start = index
            index += 1
            while let scalar = current {
                switch scalar {
                case "\"":
                    index += 1
                    return
                case "\\": try escape(start)
                case "\u{0}"..."\u{1F}": throw Found(position: index, reason: "Invalid control character at")
                default: index += 1
                }
            }
            throw Found(position: start, reason: "Unterminated string starting at")
        }

        private mutating func escape(_ start: Int) throws(Found) {
            let begin = index
            index += 1
            guard let scalar = current else {
                throw Found(position: start, reason: "Unterminated string starting at")
            }
            index += 1
            if scalar == "u" {
                let digits = text[index...].prefix(4)
                guard digits.count == 4, digits.allSatisfy({ $0.properties.isASCIIHexDigit }) else {
                    throw Found(position: begin + 1, reason: "Invalid \\uXXXX escape")
                }
                index += 4
            } else if !"\"\\/bfnrt".unicodeScalars.contains(scalar) {
                throw Found(position: begin, reason: "Invalid \\escape")
            }
        }

        mutating func number() throws(Found) {
            let start = index
            if current == "-" { index += 1 }
            let first = current
            guard digits() > 0 else { throw Found(position: start, reason: "Expecting value") }
            if first == "0" { index = text[start] == "-" ? start + 2 : start + 1 }
            let whole = index
            if current == "." {
                index += 1
                if digits() == 0 { index = whole }
            }
            let mantissa = index
            if current == "e" || current == "E" {
                index += 1
                if current == "+" || current == "-" { index += 1 }
                if digits() == 0 { index = mantissa }
            }
        }

        private mutating func digits() -> Int {
            let start = index
            while let scalar = current, ("0"..."9").contains(scalar) { index += 1 }
            return index - start
        }
    }
}
