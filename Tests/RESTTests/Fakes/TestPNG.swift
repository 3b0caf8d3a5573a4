/// Pictures that say how large they are, all black.
enum TestPNG {
    /// A PNG of eight bits of grey a pixel, at most a few hundred pixels a side, with these texts in it.
    static func bytes(width: Int, height: Int, texts: KeyValuePairs<String, String> = [:]) -> [UInt8] {
        let rows = [UInt8](repeating: 0, count: (width + 1) * height)
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", four(width) + four(height) + [8, 0, 0, 0, 0])
        for (key, text) in texts { bytes += chunk("tEXt", Array(key.utf8) + [0] + Array(text.utf8)) }
        bytes += chunk("IDAT", stored(rows))
        bytes += chunk("IEND", [])
        return bytes
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return four(data.count) + body + four(Int(crc(body)))
    }

    /// A zlib stream that compresses nothing (RFC 1950, RFC 1951 §3.2.4).
    private static func stored(_ data: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x78, 0x01]
        var rest = data[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            let count = UInt16(block.count)
            bytes += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8)]
            bytes += [UInt8(~count & 255), UInt8(~count >> 8)] + block
        } while !rest.isEmpty
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in data {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return bytes + four(Int(high << 16 | low))
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private static func four(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
