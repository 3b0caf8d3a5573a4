import Domain

/// Reads single JSON values as pydantic 2 does in its lax mode.
enum IIBValue {
    /// A text; nothing else is one.
    static func string(_ value: JSON, _ place: [JSON]) -> Result<String, IIBFaults> {
        guard case .string(let text) = value else { return .failure(.init(.notString(place, value))) }
        return .success(text)
    }

    /// An integer: also a number without a fraction, a boolean, and the text of an integer.
    ///
    /// One that does not fit is the nearest that does, since there it has no bound.
    static func integer(_ value: JSON, _ place: [JSON]) -> Result<Int, IIBFaults> {
        switch value {
        case .int(let number): return .success(Int(number))
        case .unsigned: return .success(.max)
        case .bool(let isTrue): return .success(isTrue ? 1 : 0)
        case .double(let number):
            guard number.isFinite else { return .failure(.init(.notFinite(place, value))) }
            guard number.rounded() == number else { return .failure(.init(.fraction(place, value))) }
            guard let whole = Int(exactly: number) else { return .failure(.init(.hugeInteger(place, value))) }
            return .success(whole)
        case .string(let text):
            guard let number = integer(text) else { return .failure(.init(.unreadableInteger(place, value))) }
            return .success(number)
        case .null, .array, .object: return .failure(.init(.notInteger(place, value)))
        }
    }

    /// A seed, which has 64 bits and no sign, in any form of an integer; `nil` for one below 0, which none is.
    static func seed(_ value: JSON, _ place: [JSON]) -> Result<UInt64?, IIBFaults> {
        switch value {
        case .unsigned(let number): return .success(number)
        case .string(let text):
            if let number = UInt64(trimmed(text)) { return .success(number) }
            return integer(value, place).map { UInt64(exactly: $0) }
        default: return integer(value, place).map { UInt64(exactly: $0) }
        }
    }

    /// A number: also a boolean and the text of a number.
    static func number(_ value: JSON, _ place: [JSON]) -> Result<Double, IIBFaults> {
        switch value {
        case .int(let number): return .success(Double(number))
        case .unsigned(let number): return .success(Double(number))
        case .double(let number) where number.isFinite: return .success(number)
        // Nothing here can be compared with what is no number, which pydantic takes unless it is told not to.
        case .double: return .failure(.init(.notFinite(place, value)))
        case .bool(let isTrue): return .success(isTrue ? 1 : 0)
        case .string(let text):
            guard let number = Double(trimmed(text)), number.isFinite else {
                return .failure(.init(.unreadableNumber(place, value)))
            }
            return .success(number)
        case .null, .array, .object: return .failure(.init(.notNumber(place, value)))
        }
    }

    /// A boolean: also 0 and 1, and the words for yes and no.
    static func boolean(_ value: JSON, _ place: [JSON]) -> Result<Bool, IIBFaults> {
        switch value {
        case .bool(let isTrue): return .success(isTrue)
        case .int(0), .double(0): return .success(false)
        case .int(1), .double(1): return .success(true)
        case .int, .unsigned: return .failure(.init(.unreadableBoolean(place, value)))
        case .double(let number) where Int64(exactly: number) != nil:
            return .failure(.init(.unreadableBoolean(place, value)))
        case .string(let text):
            switch text.lowercased() {
            case "true", "t", "yes", "y", "on", "1": return .success(true)
            case "false", "f", "no", "n", "off", "0": return .success(false)
            default: return .failure(.init(.unreadableBoolean(place, value)))
            }
        case .double, .null, .array, .object: return .failure(.init(.notBoolean(place, value)))
        }
    }

    /// A list whose elements `read` reads; all that is wrong with them is told.
    static func list<Element>(
        _ value: JSON,
        _ place: [JSON],
        _ read: (JSON, [JSON]) -> Result<Element, IIBFaults>
    ) -> Result<[Element], IIBFaults> {
        guard case .array(let values) = value else { return .failure(.init(.notList(place, value))) }
        var elements: [Element] = []
        var faults = IIBFaults()
        elements.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            switch read(value, place + [.int(Int64(index))]) {
            case .success(let element): elements.append(element)
            case .failure(let found): faults.all += found.all
            }
        }
        return faults.all.isEmpty ? .success(elements) : .failure(faults)
    }

    /// The integer in a text: blanks around it, a sign, single `_` between digits and a fraction of zeros are taken.
    private static func integer(_ text: String) -> Int? {
        var text = trimmed(text)[...]
        if let point = text.firstIndex(of: ".") {
            let fraction = text[text.index(after: point)...]
            guard !fraction.isEmpty, fraction.utf8.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
            text = text[..<point]
        }
        let isNegative = text.first == "-"
        if let sign = text.first, sign == "-" || sign == "+" { text = text.dropFirst() }
        let groups = text.split(separator: "_", omittingEmptySubsequences: false)
        guard groups.allSatisfy({ group in !group.isEmpty && group.utf8.allSatisfy { 48...57 ~= $0 } }) else {
            return nil
        }
        let digits = groups.joined()
        return Int((isNegative ? "-" : "") + digits) ?? (isNegative ? .min : .max)
    }

    /// The text without blanks around it.
    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}

/// Everything that is wrong with a value.
struct IIBFaults: Error {
    var all: [IIBFault] = []

    init() {}

    init(_ fault: IIBFault) {
        all = [fault]
    }
}
