/// Texts of MP4 and QuickTime: items of `ilst`, with or without `keys`, and texts right in `udta`.
enum MP4Texts {
    private static let list = 0x696C_7374  // ilst
    private static let keys = 0x6B65_7973  // keys
    private static let data = 0x6461_7461  // data

    /// `udta`: a `meta` box in it, the texts of QuickTime, and XMP.
    static func readUserData(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        ISOBoxes.forEach(in: body, &source, &steps) { source, steps, box in
            if box.type == 0x6D65_7461 {  // meta
                readMeta(&source, &steps, box.body, &collector)
            } else if box.type == 0x584D_505F {  // XMP_
                _ = source.withBytes(box.body.lowerBound, box.body.count) { collector.addXMP($0) }
            } else if box.type >> 24 == 0xA9, let length = source.big(box.body.lowerBound, 2), length > 0,
                length <= box.body.count - 4
            {
                // A length and a language stand before each text; the first language counts.
                _ = source.withBytes(box.body.lowerBound + 4, length) { collector.add(name(box.type), $0) }
            }
            return true
        }
    }

    /// `meta`: with a version and flags before its boxes in MP4, without them in QuickTime.
    static func readMeta(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        let isQuickTime = source.big(body.lowerBound + 4, 4) == 0x6864_6C72  // hdlr
        let start = body.lowerBound + (isQuickTime ? 0 : 4)
        guard start <= body.upperBound else { return }
        let inside = start..<body.upperBound
        guard let items = ISOBoxes.first(list, in: inside, &source, &steps) else { return }
        let names = ISOBoxes.first(keys, in: inside, &source, &steps).map { readKeys(&source, $0) } ?? []
        ISOBoxes.forEach(in: items, &source, &steps) { source, steps, item in
            let key =
                names.indices.contains(item.type - 1)
                ? names[item.type - 1]
                : item.type == 0x2D2D_2D2D ? freeName(&source, &steps, item.body) : name(item.type)
            if let key { readValue(&source, &steps, key, item.body, &collector) }
            return true
        }
    }

    /// The names that items are numbered after.
    private static func readKeys(_ source: inout ByteSource, _ body: Range<Int>) -> [String] {
        var names: [String] = []
        guard let count = source.big(body.lowerBound + 4, 4) else { return names }
        var offset = body.lowerBound + 8
        for _ in 0..<min(count, MetadataCollector.textsLimit) {
            guard let length = source.big(offset, 4), length >= 8, length <= body.upperBound - offset, length <= 1024,
                let name = source.withBytes(offset + 8, length - 8, { MetadataText.utf8($0) })
            else { break }
            names.append(name)
            offset += length
        }
        return names
    }

    /// An item that is called `----` holds its name itself.
    private static func freeName(_ source: inout ByteSource, _ steps: inout Int, _ item: Range<Int>) -> String? {
        guard let name = ISOBoxes.first(0x6E61_6D65, in: item, &source, &steps), name.count > 4, name.count <= 1024
        else {
            return nil
        }
        return source.withBytes(name.lowerBound + 4, name.count - 4) { MetadataText.utf8($0) }
    }

    /// A value's type, its language, then the text: UTF-8 or UTF-16; values of other types are no texts.
    private static func readValue(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ key: String,
        _ item: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        guard let value = ISOBoxes.first(data, in: item, &source, &steps), value.count >= 8,
            let type = source.big(value.lowerBound, 4), type == 1 || type == 2
        else { return }
        _ = source.withBytes(value.lowerBound + 8, value.count - 8) { bytes in
            if type == 1 { return collector.add(key, bytes, isUTF8: true) }
            guard collector.mayKeep(bytes.count) else { return }
            collector.add(key, MetadataText.utf16(bytes, isLittleEndian: false))
        }
    }

    /// A plain name for the usual atoms, else their four characters.
    private static func name(_ type: Int) -> String {
        switch type {
        case 0xA963_6D74: "comment"  // ©cmt
        case 0xA96E_616D: "title"  // ©nam
        case 0xA941_5254: "artist"  // ©ART
        case 0xA961_6C62: "album"  // ©alb
        case 0xA964_6179: "date"  // ©day
        case 0xA974_6F6F, 0xA973_7772: "encoder"  // ©too, ©swr
        case 0x6465_7363, 0xA964_6573: "description"  // desc, ©des
        default:
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: type).bigEndian) { MetadataText.latin1($0) }
        }
    }
}
