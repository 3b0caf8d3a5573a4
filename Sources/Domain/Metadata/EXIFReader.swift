/// Reads the fields of a TIFF structure (TIFF 6.0 §2; EXIF 2.32 §4.6): IFD0, the Exif IFD and the GPS IFD.
///
/// Each of the three is read once, so pointers cannot lead round in circles. A field whose value lies outside, or which
/// is longer than a bound, is left out; so are the fields behind the bound on their number and their bytes in all.
struct EXIFReader {
    /// How many fields of one directory are read.
    private static let fieldsLimit = 1024
    /// How many numbers one field may have; strips of a large TIFF are more, and no one asks for them.
    private static let numbersLimit = 65_536

    private let end: Int
    private let isLittleEndian: Bool
    private var fields: [EXIFField] = []
    /// How many bytes of values may be copied; values that overlap cannot multiply what is there.
    private var left: Int

    /// The fields of the structure that fills a source; none when it is no such structure.
    static func read(_ source: inout ByteSource) -> [EXIFField] {
        let isLittleEndian: Bool
        switch source.big(0, 4) {
        case 0x4949_2A00: isLittleEndian = true
        case 0x4D4D_002A: isLittleEndian = false
        default: return []
        }
        var reader = EXIFReader(end: source.count, isLittleEndian: isLittleEndian)
        guard let first = reader.number(&source, 4, 4) else { return [] }
        reader.readDirectory(&source, at: first, .image)
        let pointers = [(EXIFField.Directory.exif, 0x8769), (.gps, 0x8825)]
        let image = reader.fields
        var seen = [first]
        for (directory, tag) in pointers {
            guard case .integers(let offsets)? = image.first(where: { $0.tag == tag })?.value,
                let offset = offsets.first,
                !seen.contains(offset)
            else { continue }
            seen.append(offset)
            reader.readDirectory(&source, at: offset, directory)
        }
        return reader.fields
    }

    private init(end: Int, isLittleEndian: Bool) {
        self.end = end
        self.isLittleEndian = isLittleEndian
        left = min(2 * end, MetadataCollector.totalLimit)
    }

    private func number(_ source: inout ByteSource, _ offset: Int, _ size: Int) -> Int? {
        isLittleEndian ? source.little(offset, size) : source.big(offset, size)
    }

    private mutating func readDirectory(_ source: inout ByteSource, at offset: Int, _ directory: EXIFField.Directory) {
        guard offset >= 8, let count = number(&source, offset, 2) else { return }
        fields.reserveCapacity(fields.count + min(count, 64))
        for index in 0..<min(count, Self.fieldsLimit) {
            let entry = offset + 2 + 12 * index
            guard entry <= end - 12, let tag = number(&source, entry, 2), let type = number(&source, entry + 2, 2),
                let count = number(&source, entry + 4, 4)
            else { return }
            guard let value = readValue(&source, type: type, count: count, at: entry + 8) else { continue }
            fields.append(
                EXIFField(directory: directory, tag: tag, value: value, isLittleEndian: isLittleEndian)
            )
        }
    }

    /// Bytes of one value of each type, from BYTE to IFD.
    private static let sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]

    private mutating func readValue(_ source: inout ByteSource, type: Int, count: Int, at entry: Int) -> EXIFField
        .Value?
    {
        guard (1..<Self.sizes.count).contains(type) else { return nil }
        let size = Self.sizes[type]
        let length = size * count
        var offset = entry
        if length > 4 {
            guard let place = number(&source, entry, 4) else { return nil }
            offset = place
        }
        guard length <= left, offset <= end, length <= end - offset else { return nil }
        switch type {
        case 1, 7:
            guard let bytes = source.bytes(offset, length) else { return nil }
            left -= length
            return .bytes(bytes)
        case 2:
            guard
                let text = source.withBytes(
                    offset,
                    length,
                    { bytes in
                        let end = bytes.firstIndex(of: 0) ?? bytes.count
                        return MetadataText.utf8OrLatin1(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
                    }
                )
            else { return nil }
            left -= length
            return .text(text)
        default:
            guard count <= Self.numbersLimit else { return nil }
            left -= length
            return numbers(&source, type: type, size: size, count: count, at: offset)
        }
    }

    private func numbers(
        _ source: inout ByteSource,
        type: Int,
        size: Int,
        count: Int,
        at offset: Int
    ) -> EXIFField.Value? {
        var isWhole = true
        func value(_ index: Int, _ part: Int = 0) -> Int {
            let value = number(&source, offset + size * index + part, min(size, 4))
            if value == nil { isWhole = false }
            return value ?? 0
        }
        let result: EXIFField.Value
        switch type {
        case 6: result = .integers((0..<count).map { Int(Int8(truncatingIfNeeded: value($0))) })
        case 8: result = .integers((0..<count).map { Int(Int16(truncatingIfNeeded: value($0))) })
        case 9: result = .integers((0..<count).map { Int(Int32(truncatingIfNeeded: value($0))) })
        case 5: result = .rationals((0..<count).map { EXIFField.Rational(value($0), value($0, 4)) })
        case 10:
            result = .rationals(
                (0..<count).map {
                    EXIFField.Rational(
                        Int(Int32(truncatingIfNeeded: value($0))),
                        Int(Int32(truncatingIfNeeded: value($0, 4)))
                    )
                }
            )
        case 11:
            result = .reals((0..<count).map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: value($0)))) })
        case 12:
            result = .reals(
                (0..<count).map {
                    let halves = (UInt64(value($0)), UInt64(value($0, 4)))
                    let bits = isLittleEndian ? halves.1 << 32 | halves.0 : halves.0 << 32 | halves.1
                    return Double(bitPattern: bits)
                }
            )
        default: result = .integers((0..<count).map { value($0) })
        }
        return isWhole ? result : nil
    }
}
