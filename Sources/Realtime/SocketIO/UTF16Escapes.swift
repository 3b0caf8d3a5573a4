/// Characters beyond the Basic Multilingual Plane as JSON escapes.
///
/// Polling payloads of revision 3 count characters, which some clients take for UTF-16 code units and others for
/// code points (contracts/socketio.md §2, hazard). Without such characters both counts agree.
enum UTF16Escapes {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The JSON text with every such character as a pair of `\uXXXX`.
    ///
    /// In JSON they can only stand inside strings, where the escape means the same.
    static func escape(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 >= 0xF0 }) else { return json }
        var escaped: [UInt8] = []
        escaped.reserveCapacity(json.count + 32)
        var index = 0
        while index < json.count {
            let lead = json[index]
            guard lead >= 0xF0, index + 4 <= json.count else {
                escaped.append(lead)
                index += 1
                continue
            }
            var scalar = UInt32(lead & 0x07)
            for byte in json[index + 1..<index + 4] { scalar = scalar << 6 | UInt32(byte & 0x3F) }
            let offset = scalar &- 0x1_0000
            append(0xD800 + (offset >> 10 & 0x3FF), to: &escaped)
            append(0xDC00 + (offset & 0x3FF), to: &escaped)
            index += 4
        }
        return escaped
    }

    private static func append(_ unit: UInt32, to text: inout [UInt8]) {
        text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
        for shift in [12, 8, 4, 0] as [UInt32] { text.append(digits[Int(unit >> shift & 0xF)]) }
    }
}
