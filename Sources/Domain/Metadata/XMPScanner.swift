/// Finds single values in a packet of XMP without building a tree of it: no entities, no nesting, one pass.
enum XMPScanner {
    /// The first number under a name of the XMP basic namespace, as an attribute or as an element.
    ///
    /// The namespace is known by the prefixes that writers give it, `xmp` and formerly `xap`. `nil` when it is missing
    /// or no number.
    static func number(_ name: String, in packet: String) -> Double? {
        var packet = packet
        return packet.withUTF8 { bytes in
            for prefix in ["xmp:", "xap:"] {
                if let value = value(Array((prefix + name).utf8), bytes) { return Double(value) }
            }
            return nil
        }
    }

    /// What stands behind the first `name` that is a name of its own: in quotes behind `=`, or between `>` and `<`.
    private static func value(_ name: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var start = 0
        while start + name.count < bytes.count {
            defer { start += 1 }
            // Names begin behind a blank or `<`.
            guard bytes[start] == name[0], start > 0, isBlank(bytes[start - 1]) || bytes[start - 1] == 60,
                bytes[start..<start + name.count].elementsEqual(name)
            else { continue }
            let rest = bytes[(start + name.count)...].drop(while: isBlank)
            let close: UInt8
            let content: Slice<UnsafeBufferPointer<UInt8>>
            if rest.first == 61 {
                let quoted = rest.dropFirst().drop(while: isBlank)
                guard let quote = quoted.first, quote == 34 || quote == 39 else { continue }
                (close, content) = (quote, quoted.dropFirst())
            } else if rest.first == 62 {
                (close, content) = (60, rest.dropFirst())
            } else {
                continue
            }
            // A number is short; what is longer is none.
            guard let end = content.prefix(64).firstIndex(of: close) else { continue }
            let value = content[..<end].drop(while: isBlank)
            return String(decoding: value.prefix { !isBlank($0) }, as: UTF8.self)
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
