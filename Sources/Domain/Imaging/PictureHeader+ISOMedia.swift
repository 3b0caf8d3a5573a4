extension PictureHeader {
    /// How many boxes one header may have us look at.
    private static let boxesLimit = 4096

    /// AVIF and HEIF (ISO/IEC 23008-12 §6.5): the greatest `ispe` among the item properties, turned by `irot`.
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
        var isTurned = false
        var offset = container.lowerBound
        while boxes < boxesLimit, let box = ISOBox(&source, at: offset, end: container.upperBound) {
            boxes += 1
            let body = box.body
            if box.type == 0x6973_7065, let width = source.big(body.lowerBound + 4, 4),
                let height = source.big(body.lowerBound + 8, 4), body.count >= 12, width <= Int32.max,
                height <= Int32.max
            {
                if width * height > best.map({ $0.width * $0.height }) ?? 0 { best = (width, height) }
            } else if box.type == 0x6972_6F74, let angle = source.byte(body.lowerBound) {
                isTurned = angle & 1 == 1
            }
            offset = box.next
        }
        guard let best else { return nil }
        return PictureHeader(
            width: best.width,
            height: best.height,
            orientation: isTurned ? .left : .up,
            isBuffered: true
        )
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
