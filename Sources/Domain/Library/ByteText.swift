/// A text that is compared by its bytes, as names on a disk are.
///
/// Two names may be equal as Swift texts (é composed and decomposed) and be two files.
package struct ByteText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ByteText, right: ByteText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension ByteText: Comparable {
    package static func < (left: ByteText, right: ByteText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension ByteText: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}

extension Sequence<String> {
    /// The texts, each of other bytes than the others, in byte order.
    func uniqueByBytes() -> [String] { Set(map { ByteText($0) }).sorted().map(\.text) }
}
