extension PictureHeader {
    /// How many boxes one header may have us look at.
    private static let boxesLimit = 4096

    /// AVIF and HEIF (ISO/IEC 23008-12 §6.5): the greatest `ispe` among the item properties, turned as the picture's
    /// own `irot` and `imir` demand.
    ///
    /// The picture itself is the greatest of the items: its tiles, its alpha plane and its own preview are not larger.
    static func isoMedia(_ source: inout ByteSource) -> PictureHeader? {
        var boxes = 0
        guard let meta = box("meta", in: 0..<source.count, &source, &boxes), meta.count > 4,
            // `meta` is a full box: a version and flags stand before its boxes.
            let properties = box("iprp", in: meta.dropFirst(4), &source, &boxes),
            let container = box("ipco", in: properties, &source, &boxes)
        else { return nil }
        var best: (width: Int, height: Int)?
        // Properties are named by their number, counted from 1.
        var turns: [Int: ISOTurn] = [:]
        var number = 0
        var offset = container.lowerBound
        while boxes < boxesLimit, let box = ISOBox(&source, at: offset, end: container.upperBound) {
            boxes += 1
            number += 1
            let body = box.body
            if box.type == 0x6973_7065, let width = source.big(body.lowerBound + 4, 4),
                let height = source.big(body.lowerBound + 8, 4), body.count >= 12, width <= Int32.max,
                height <= Int32.max
            {
                if width * height > best.map({ $0.width * $0.height }) ?? 0 { best = (width, height) }
            } else if let turn = ISOTurn(&source, box) {
                turns[number] = turn
            }
            offset = box.next
        }
        guard let best else { return nil }
        return PictureHeader(
            width: best.width,
            height: best.height,
            orientation: orientation(turns, meta.dropFirst(4), properties, &source, &boxes),
            isBuffered: true
        )
    }

    /// What the turns come to that belong to the primary item, in their order; all of them when none is named.
    private static func orientation(
        _ turns: [Int: ISOTurn],
        _ meta: Range<Int>,
        _ properties: Range<Int>,
        _ source: inout ByteSource,
        _ boxes: inout Int
    ) -> Orientation {
        guard !turns.isEmpty else { return .up }
        let primary = box("pitm", in: meta, &source, &boxes).flatMap { body in
            source.byte(body.lowerBound).flatMap { source.big(body.lowerBound + 4, $0 == 0 ? 2 : 4) }
        }
        var order: [Int]?
        if let primary, let body = box("ipma", in: properties, &source, &boxes) {
            order = associations(of: primary, body, &source)
        }
        return (order ?? turns.keys.sorted()).compactMap { turns[$0] }.reduce(into: ISOTurn.Sum()) { $0.add($1) }
            .orientation
    }

    /// The numbers of the properties of an item, by `ipma` (ISO/IEC 23008-12 §9.3); `nil` when it has none.
    private static func associations(of item: Int, _ body: Range<Int>, _ source: inout ByteSource) -> [Int]? {
        guard let head = source.big(body.lowerBound, 4), let count = source.big(body.lowerBound + 4, 4) else {
            return nil
        }
        let itemLength = head >> 24 == 0 ? 2 : 4
        let isLong = head & 1 == 1
        var offset = body.lowerBound + 8
        for _ in 0..<min(count, boxesLimit) {
            guard offset < body.upperBound, let number = source.big(offset, itemLength),
                let associated = source.byte(offset + itemLength)
            else { return nil }
            offset += itemLength + 1
            let length = isLong ? 2 : 1
            if number == item {
                return (0..<Int(associated)).compactMap {
                    // The first bit says whether a reader must know the property.
                    source.big(offset + $0 * length, length).map { $0 & (isLong ? 0x7FFF : 0x7F) }
                }
            }
            offset += Int(associated) * length
        }
        return nil
    }

    private static func box(
        _ name: StaticString,
        in range: Range<Int>,
        _ source: inout ByteSource,
        _ boxes: inout Int
    ) -> Range<Int>? {
        let wanted = (0..<4).reduce(0) { $0 << 8 | Int(name.utf8Start[$1]) }
        var offset = range.lowerBound
        while boxes < boxesLimit, let box = ISOBox(&source, at: offset, end: range.upperBound) {
            boxes += 1
            if box.type == wanted { return box.body }
            offset = box.next
        }
        return nil
    }
}
