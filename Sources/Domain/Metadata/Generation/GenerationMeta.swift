/// The parameters of a generation, in the order in which they were written.
///
/// A name that comes again replaces the value of the first. More than ``limit`` parameters are left out.
package struct GenerationMeta: Hashable, Sendable {
    /// One parameter: `Steps` and `20`.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// How many parameters are kept.
    package static let limit = 256

    package private(set) var entries: [Entry] = []

    package init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    /// The value under a name, compared exactly first, then without the case of ASCII letters.
    ///
    /// `Size-1` and `Size-2` are the sides of a `Size` of the form `512x768`, and so with every such value.
    package subscript(_ key: String) -> String? {
        if let exact = entries.first(where: { $0.key == key }) { return exact.value }
        if let similar = entries.first(where: { Self.isSame($0.key, key) }) { return similar.value }
        guard let side = ["-1", "-2"].firstIndex(where: key.hasSuffix), let value = self[String(key.dropLast(2))],
            let sides = Self.sides(value)
        else { return nil }
        return side == 0 ? sides.width : sides.height
    }

    /// Sets a value; `nil` and an empty name are ignored.
    package mutating func set(_ key: String, _ value: String?) {
        guard let value, !key.isEmpty else { return }
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index].value = value
        } else if entries.count < Self.limit {
            entries.append(Entry(key: key, value: value))
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).allSatisfy { TextBytes.lowered($0) == TextBytes.lowered($1) }
    }

    /// The two numbers of `512x768`; `nil` for anything else.
    static func sides(_ value: String) -> (width: String, height: String)? {
        value.reading { view in
            guard let cross = view.first(UInt8(ascii: "x"), view.range) else { return nil }
            let (width, height) = (0..<cross, cross + 1..<view.bytes.count)
            guard !width.isEmpty, !height.isEmpty, width.allSatisfy({ TextBytes.isDigit(view[$0]) }),
                height.allSatisfy({ TextBytes.isDigit(view[$0]) })
            else { return nil }
            return (view.text(width), view.text(height))
        }
    }
}
