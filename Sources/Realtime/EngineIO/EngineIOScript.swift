/// Payloads for browsers that poll with script elements and forms (JSONP, contracts/socketio.md §2).
enum EngineIOScript {
    /// The payload as a call of the client's function number `index`.
    static func encode(_ payload: [UInt8], index: String) -> [UInt8] {
        var script = Array("___eio[\(index)](\"".utf8)
        script.reserveCapacity(payload.count + 24)
        var position = 0
        while position < payload.count {
            let byte = payload[position]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): script += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: script += escape(UInt16(byte))
            case 0xE2 where payload[position...].starts(with: [0xE2, 0x80, 0xA8]):
                // U+2028 and U+2029 end lines in older JavaScript.
                script += escape(0x2028)
                position += 2
            case 0xE2 where payload[position...].starts(with: [0xE2, 0x80, 0xA9]):
                script += escape(0x2029)
                position += 2
            default: script.append(byte)
            }
            position += 1
        }
        return script + "\");".utf8
    }

    private static func escape(_ unit: UInt16) -> [UInt8] {
        let digits = String(unit, radix: 16)
        return Array("\\u".utf8) + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count) + digits.utf8
    }

    /// The payload in a form's field `d`; `nil` when there is none.
    ///
    /// A form turns line ends into CR LF, so the client writes them as `\n`, and what was `\n` already as `\\n`.
    static func decode(form body: [UInt8]) -> [UInt8]? {
        guard let text = RequestTarget("/?" + String(decoding: body, as: UTF8.self))["d"] else { return nil }
        var payload: [UInt8] = []
        var rest = Array(text.utf8)[...]
        let lineFeed = Array("\\n".utf8)
        let escaped = Array("\\\\n".utf8)
        while let byte = rest.first {
            if rest.starts(with: escaped) {
                payload += lineFeed
                rest = rest.dropFirst(escaped.count)
            } else if rest.starts(with: lineFeed) {
                payload.append(UInt8(ascii: "\n"))
                rest = rest.dropFirst(lineFeed.count)
            } else {
                payload.append(byte)
                rest = rest.dropFirst()
            }
        }
        return payload
    }
}
