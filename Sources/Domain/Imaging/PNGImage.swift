import CDeflate

/// A PNG taken apart as far as its pixels need it: for decoding in one go (W3C PNG §5, §11).
///
/// It takes whole and lawful files without interlacing only, and leaves all others, with what there is to say about
/// them, to libspng.
struct PNGImage {
    /// How many bytes the filtered rows of a picture may have to be held in memory.
    private static let rowsLimit = 64 * 1024 * 1024

    let width: Int
    let height: Int
    let depth: Int
    let colour: Int
    /// The colours of an indexed picture, red lowest and alpha highest; 256 of them.
    private(set) var palette: [UInt32] = []
    /// The samples, as stored, that stand for a clear pixel: one for grey, three for colours.
    private(set) var clear: [UInt16] = []
    private var data: [Range<Int>] = []

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

    /// Takes a file apart; `nil` for one that is interlaced, too large, or not just as it should be.
    init?(_ bytes: UnsafeRawBufferPointer, _ header: PictureHeader) {
        guard !header.isBuffered, bytes.count >= 33 else { return nil }
        (width, height) = (header.width, header.height)
        (depth, colour) = (Int(bytes[24]), Int(bytes[25]))
        // Compression and filter method, of which there is one each.
        guard bytes[26] == 0, bytes[27] == 0, rowLength < Self.rowsLimit / height else { return nil }
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
                guard libdeflate_crc32(0, typed.baseAddress, typed.count) == Self.big(bytes, body.upperBound) else {
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
        // An index past the end has no colour of its own: such a file is left to libspng.
        guard body.count / 3 >= 1 << depth else { return false }
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
            guard !palette.isEmpty, body.count <= 1 << depth else { return false }
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

    /// The rows as stored, each behind the byte of its filter; `nil` when the stream is not exactly that.
    func rows(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        let count = (rowLength + 1) * height
        var isWhole = false
        let inflate = { (stream: UnsafeRawBufferPointer) in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                var length = 0
                let result = libdeflate_zlib_decompress(
                    decompressor,
                    stream.baseAddress,
                    stream.count,
                    buffer.baseAddress,
                    count,
                    &length
                )
                isWhole = result == LIBDEFLATE_SUCCESS && length == count
                filled = isWhole ? count : 0
            }
        }
        var rows: [UInt8]
        if data.count == 1, let range = data.first {
            rows = inflate(UnsafeRawBufferPointer(rebasing: bytes[range]))
        } else {
            var stream: [UInt8] = []
            stream.reserveCapacity(data.reduce(0) { $0 + $1.count })
            for range in data { stream.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[range])) }
            rows = stream.withUnsafeBytes(inflate)
        }
        return isWhole ? rows : nil
    }

    private static func big(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
