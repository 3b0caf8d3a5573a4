/// Texts, EXIF and XMP of a PNG (W3C PNG §11), wherever they stand: before the pixels or behind them.
enum PNGMetadata {
    /// The chunks that are read, by the four letters of their type.
    private enum Chunk: Int {
        case pixels = 0x4944_4154  // IDAT
        case end = 0x4945_4E44  // IEND
        case text = 0x7445_5874  // tEXt
        case packedText = 0x7A54_5874  // zTXt
        case internationalText = 0x6954_5874  // iTXt
        case exif = 0x6558_4966  // eXIf
        case density = 0x7048_5973  // pHYs
        case gamma = 0x6741_4D41  // gAMA
        case standardColours = 0x7352_4742  // sRGB
        case chromaticity = 0x6348_524D  // cHRM
        case transparency = 0x7452_4E53  // tRNS
    }

    /// Reads the chunks up to the end of the picture, at most ``MetadataCollector/partsLimit`` of them.
    ///
    /// Checksums are not looked at. A chunk that is cut off ends the reading.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        if let colour = source.byte(25) { collector.metadata.hasAlpha = colour & 4 != 0 }
        if source.byte(28) == 1 { collector.note("interlace", "1") }
        var offset = 8
        for _ in 0..<MetadataCollector.partsLimit {
            guard let length = source.big(offset, 4), let type = source.big(offset + 4, 4),
                length <= source.count - offset - 8
            else { return }
            let body = offset + 8
            switch Chunk(rawValue: type) {
            case nil: break
            case .pixels: offset = lastAlike(&source, offset, length)
            case .end: return
            case .text, .packedText, .internationalText, .exif:
                guard length <= MetadataCollector.entryLimit else { break }
                _ = source.withBytes(body, length) { readEntry(Chunk(rawValue: type), $0, &collector) }
            case .transparency: collector.metadata.hasAlpha = true
            case .density, .gamma, .standardColours, .chromaticity:
                if let bytes = source.bytes(body, min(length, 32)) { note(Chunk(rawValue: type), bytes, &collector) }
            }
            offset += 12 + length
            // What follows can only be the end, or another chunk without content.
            if offset >= source.count - 12 { return }
        }
    }

    /// The last of the pixel chunks of one length that follow each other from `offset` on.
    ///
    /// Writers cut pixels into pieces of one length, thousands in a large file: so it strides ahead, doubling, and goes
    /// back where a stride does not meet the head of such a chunk. Most often nothing but the end stands behind the
    /// pixels: then the head of the last, shorter piece lies where it must, and one read settles it.
    static func lastAlike(_ source: inout ByteSource, _ offset: Int, _ length: Int) -> Int {
        if let known = source.runs[offset] { return known }
        let last = findLastAlike(&source, offset, length)
        source.runs[offset] = last
        return last
    }

    private static func findLastAlike(_ source: inout ByteSource, _ offset: Int, _ length: Int) -> Int {
        let (stride, head) = (12 + length, length << 32 | Chunk.pixels.rawValue)
        let (whole, rest) = max(0, source.count - 12 - offset).quotientAndRemainder(dividingBy: stride)
        if whole > 0, rest >= 12, source.lone64(offset + whole * stride) == (rest - 12) << 32 | Chunk.pixels.rawValue {
            return offset + (whole - 1) * stride
        }
        var (last, step) = (0, 1)
        var isGrowing = true
        while step > 0 {
            let (distance, overflow) = (last + step).multipliedReportingOverflow(by: stride)
            let isThere = !overflow && distance <= source.count - offset
            // Where the next chunk begins, whatever it is, more than its head will be read.
            let isNext = last + step == 1
            if isThere, isNext ? source.big64(offset + distance) == head : source.lone64(offset + distance) == head {
                last += step
                step *= isGrowing ? 2 : 1
            } else {
                isGrowing = false
            }
            if !isGrowing { step /= 2 }
        }
        return offset + last * stride
    }

    private static func readEntry(
        _ chunk: Chunk?,
        _ bytes: UnsafeRawBufferPointer,
        _ collector: inout MetadataCollector
    ) {
        if chunk == .exif { return collector.addEXIF(bytes) }
        guard let end = bytes.firstIndex(of: 0) else { return }
        let key = MetadataText.latin1(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        let rest = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...])
        switch chunk {
        case .text: add(key, rest, isUTF8: false, &collector)
        case .packedText:
            // The only method of packing there is.
            guard rest.first == 0 else { return }
            addPacked(key, UnsafeRawBufferPointer(rebasing: rest[1...]), isUTF8: false, &collector)
        default:
            // A flag, the method, a language and the keyword in that language, both up to a zero byte.
            guard rest.count >= 2, let language = rest[2...].firstIndex(of: 0),
                let keyword = rest[(language + 1)...].firstIndex(of: 0)
            else { return }
            let text = UnsafeRawBufferPointer(rebasing: rest[(keyword + 1)...])
            if rest[0] == 0 {
                add(key, text, isUTF8: true, &collector)
            } else if rest[1] == 0 {
                addPacked(key, text, isUTF8: true, &collector)
            }
        }
    }

    private static func addPacked(
        _ key: String,
        _ bytes: UnsafeRawBufferPointer,
        isUTF8: Bool,
        _ collector: inout MetadataCollector
    ) {
        guard let text = collector.unpack(bytes) else { return }
        text.withUnsafeBytes { add(key, $0, isUTF8: isUTF8, &collector) }
    }

    private static func add(
        _ key: String,
        _ text: UnsafeRawBufferPointer,
        isUTF8: Bool,
        _ collector: inout MetadataCollector
    ) {
        switch key {
        case "XML:com.adobe.xmp": collector.addXMP(text)
        case "Raw profile type exif", "Raw profile type APP1":
            collector.add(key, text)
            hexadecimal(text)?.withUnsafeBytes { collector.addEXIF($0) }
        default: collector.add(key, text, isUTF8: isUTF8)
        }
    }

    /// The bytes of a "raw profile": a line with its name, one with its length, then hexadecimal digits in lines.
    private static func hexadecimal(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        let lines = text.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: true)
        guard lines.count == 3 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines[2].count / 2)
        var high: UInt8?
        for character in lines[2] where character > 32 {
            guard let digit = Character(UnicodeScalar(character)).hexDigitValue.map(UInt8.init) else { return nil }
            if let upper = high {
                bytes.append(upper << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }

    private static func note(_ chunk: Chunk?, _ bytes: [UInt8], _ collector: inout MetadataCollector) {
        func number(_ offset: Int) -> Double {
            Double(bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
        switch chunk {
        case .density where bytes.count >= 9:
            if bytes[8] == 1 {
                collector.note("dpi", "(\(number(0) * 0.0254), \(number(4) * 0.0254))")
            } else if bytes[8] == 0 {
                collector.note("aspect", "(\(Int(number(0))), \(Int(number(4))))")
            }
        case .gamma where bytes.count >= 4: collector.note("gamma", "\(number(0) / 100_000)")
        case .standardColours where !bytes.isEmpty: collector.note("srgb", "\(bytes[0])")
        case .chromaticity where bytes.count >= 32:
            let values = (0..<8).map { "\(number(4 * $0) / 100_000)" }
            collector.note("chromaticity", "(" + values.joined(separator: ", ") + ")")
        default: break
        }
    }
}
