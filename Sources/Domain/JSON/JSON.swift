package import OrderedCollections

/// A JSON value (RFC 8259), for what comes from or goes to a client without a shape of its own.
///
/// Integers that fit 64 bits, with a sign or without, stay integers; every other number is a double. Members keep the order in which
/// they were written; of a repeated member the last value counts.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// An integer that an `Int64` cannot hold.
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(OrderedDictionary<String, JSON>)
}

extension JSON {
    /// The member of an object; `nil` for a missing member, for `null` and for anything that is not an object.
    package subscript(_ name: String) -> JSON? {
        guard case .object(let members) = self, let value = members[name], value != .null else { return nil }
        return value
    }

    /// The text of a string, otherwise `nil`.
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value of an integer, or of a double without a fraction that an `Int` can hold, otherwise `nil`.
    package var int: Int? {
        switch self {
        case .int(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value of any number, otherwise `nil`.
    package var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The value of a boolean, otherwise `nil`.
    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array, otherwise `nil`.
    package var array: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an object, otherwise `nil`.
    package var object: OrderedDictionary<String, JSON>? {
        if case .object(let value) = self { value } else { nil }
    }

    /// Whether this is `null`.
    package var isNull: Bool { self == .null }

    /// The value as compact UTF-8 text.
    package var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// The value as compact text.
    package var text: String { String(decoding: encoded, as: UTF8.self) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(OrderedDictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}
