import CISAL

/// A PNG taken apart as far as its pixels need it: for decoding by the fast way (W3C PNG §5, §11).
///
/// It takes whole and lawful files without interlacing only, and leaves all others, with what there is to say about
/// them, to libspng.
struct PNGImage {
    let width: Int
    let height: Int
    let depth: Int
    let colour: Int
    /// The colours of an indexed picture, red lowest and alpha highest; 256 of them.
    private(set) var palette: [UInt32] = []
    /// How many of them the file has.
    private(set) var colours = 0
    /// The samples, as stored, that stand for a clear pixel: one for grey, three for colours.
    private(set) var clear: [UInt16] = []
    /// Where the pieces of the compressed rows lie.
    private(set) var data: [Range<Int>] = []

    /// Bytes of a row without its filter byte.
    var rowLength: Int { (width * bitsPerPixel + 7) / 8 }
    /// Bytes between a byte and the one to its left that filters look at.
    var pixelLength: Int { max(1, bitsPerPixel / 8) }

    private var bitsPerPixel: Int { depth * Self.samples(colour) }

    private static func samples(_ colour: Int) -> Int {
        switch colour {
        case 2: 3
        case 4: 2
        case 6: 4
        default: 1
        }
    }

    /// Takes a file apart; `nil` for one that is interlaced, or not just as it should be.
    init?(_ bytes: UnsafeRawBufferPointer, _ header: PictureHeader) {
        guard !header.isBuffered, bytes.count >= 33 else { return nil }
        (width, height) = (header.width, header.height)
        (depth, colour) = (Int(bytes[24]), Int(bytes[25]))
        // Compression and filter method, of which there is one each.
        guard bytes[26] == 0, bytes[27] == 0 else { return nil }
        var offset = 8
        var isFirst = true
        while true {
            guard offset <= bytes.count - 12 else { return nil }
            let length = Int(Self.big(bytes, offset))
            guard length <= bytes.count - offset - 12 else { return nil }
            let type = Self.big(bytes, offset + 4)
            let body = offset + 8..<offset + 8 + length
            let isCritical = type & 0x2000_0000 == 0
            if isCritical || type == 0x7452_4E53 {
                let typed = UnsafeRawBufferPointer(rebasing: bytes[offset + 4..<body.upperBound])
                guard Self.checksum(typed) == Self.big(bytes, body.upperBound) else {
                    return nil
                }
            }
            guard isFirst == (type == 0x4948_4452) else { return nil }
            isFirst = false
            switch type {
            case 0x4948_4452: break
            case 0x504C_5445: guard take(palette: bytes[body]) else { return nil }
            case 0x7452_4E53: guard take(transparency: bytes[body]) else { return nil }
            case 0x4944_4154:
                guard data.last.map({ $0.upperBound + 12 == body.lowerBound }) ?? true else { return nil }
                data.append(body)
            case 0x4945_4E44:
                guard !data.isEmpty, colour != 3 || !palette.isEmpty else { return nil }
                return
            default: if isCritical { return nil }
            }
            offset = body.upperBound + 4
        }
    }

    private mutating func take(palette body: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard data.isEmpty, clear.isEmpty, palette.isEmpty, !body.isEmpty, body.count % 3 == 0, body.count <= 768 else {
            return false
        }
        guard colour == 3 else { return colour == 2 || colour == 6 }
        colours = body.count / 3
        palette = Array(repeating: 0, count: 256)
        for (index, start) in stride(from: body.startIndex, to: body.endIndex, by: 3).enumerated() {
            let (red, green, blue) = (UInt32(body[start]), UInt32(body[start + 1]), UInt32(body[start + 2]))
            palette[index] = red | green << 8 | blue << 16 | 0xFF00_0000
        }
        return true
    }

    private mutating func take(transparency body: Slice<UnsafeRawBufferPointer>) -> Bool {
        guard data.isEmpty, clear.isEmpty else { return false }
        switch colour {
        case 3:
            guard !palette.isEmpty, body.count <= colours else { return false }
            for (index, alpha) in body.enumerated() { palette[index] = palette[index] & 0xFFFFFF | UInt32(alpha) << 24 }
        case 0, 2:
            guard body.count == 2 * Self.samples(colour) else { return false }
            clear = stride(from: body.startIndex, to: body.endIndex, by: 2).map { start in
                UInt16(body[start]) << 8 | UInt16(body[start + 1])
            }
            guard clear.allSatisfy({ Int($0) < 1 << depth }) else { return false }
        default: return false
        }
        return true
    }

    /// The CRC of a chunk's type and body (W3C PNG §5.5).
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        crc32_gzip_refl(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    private static func big(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
