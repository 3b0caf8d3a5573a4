/// The two spellings of a LoRA's tag.
///
/// Infinite Image Browsing keeps `add_detail` as `add detail`; here the name stays as it is. A search for either must
/// find the tag, so names are compared by ``folded(_:)``, and ``plain(_:)`` says how the other server would show it.
package enum TagSpelling {
    /// The name as the other server writes it: `-` and `_` as blanks, without `\/[](){}`, its case kept.
    package static func plain(_ name: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "_"): bytes.append(0x20)
            case UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"):
                break
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self).trimmedBlanks
    }

    /// What all spellings of a name have in common; for looking a tag up, not for showing it.
    package static func folded(_ name: String) -> String { plain(name).lowercased() }

    /// Whether two names are spellings of one.
    package static func isSame(_ one: String, _ other: String) -> Bool {
        one == other || folded(one) == folded(other)
    }
}
