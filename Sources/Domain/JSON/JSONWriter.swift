import OrderedCollections

/// Writes compact JSON into one growing buffer, without a tree in between.
///
///     var writer = JSONWriter()
///     writer.object {
///         $0.field("type", "pong")
///         $0.field("at", 1_767_225_600_000)
///     }
///
/// Optional fields that are `nil` are left out. A number that is not finite becomes `null`.
package struct JSONWriter {
    /// What has been written so far.
    package var bytes: [UInt8] { text.bytes }
    private var text: JSONText
    private var needsComma = false

    /// Starts with an empty buffer that has room for `capacity` bytes.
    package init(capacity: Int = 256) {
        text = JSONText(capacity: capacity)
    }

    private mutating func separate() {
        if needsComma { text.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Writes an object whose members `body` writes.
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        text.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        text.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Writes an array whose elements `body` writes.
    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        separate()
        text.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        text.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes the name of a member; its value comes next.
    package mutating func name(_ name: String) {
        separate()
        text.append(quoted: name)
        text.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes the members of an object that stands encoded, without its braces, into the present object.
    package mutating func members(encoded: some Collection<UInt8>) {
        guard !encoded.isEmpty else { return }
        separate()
        text.append(contentsOf: encoded)
    }

    /// Writes a value that stands encoded already.
    package mutating func value(encoded: some Collection<UInt8>) {
        separate()
        text.append(contentsOf: encoded)
    }

    package mutating func value(_ value: String) {
        separate()
        text.append(quoted: value)
    }

    package mutating func value(_ value: some FixedWidthInteger) {
        separate()
        if value < 0 { text.append(UInt8(ascii: "-")) }
        text.append(magnitude: UInt64(value.magnitude))
    }

    package mutating func value(_ value: Bool) {
        separate()
        text.append(value ? "true" : "false")
    }

    package mutating func value(_ value: Double) {
        separate()
        guard value.isFinite else {
            text.append("null")
            return
        }
        if value.magnitude < 1e15, let whole = Int64(exactly: value) {
            if value.sign == .minus { text.append(UInt8(ascii: "-")) }
            text.append(magnitude: whole.magnitude)
            text.append(".0")
        } else {
            text.append(contentsOf: value.description.utf8)
        }
    }

    package mutating func null() {
        separate()
        text.append("null")
    }

    package mutating func value(_ value: JSON) {
        switch value {
        case .null: null()
        case .bool(let value): self.value(value)
        case .int(let value): self.value(value)
        case .unsigned(let value): self.value(value)
        case .double(let value): self.value(value)
        case .string(let value): self.value(value)
        case .array(let elements): array { for element in elements { $0.value(element) } }
        case .object(let members):
            object {
                for (name, value) in members {
                    $0.name(name)
                    $0.value(value)
                }
            }
        }
    }

    package mutating func field(_ name: String, _ value: String?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: (some FixedWidthInteger)?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Bool?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Double?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: JSON?) {
        guard let value else { return }
        self.name(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ values: [String]) {
        self.name(name)
        array { for value in values { $0.value(value) } }
    }

    /// Writes a member whose value is an object that `body` writes.
    package mutating func field(_ name: String, object body: (inout JSONWriter) -> Void) {
        self.name(name)
        object(body)
    }

    /// Writes a member whose value is an array that `body` writes.
    package mutating func field(_ name: String, array body: (inout JSONWriter) -> Void) {
        self.name(name)
        array(body)
    }
}
