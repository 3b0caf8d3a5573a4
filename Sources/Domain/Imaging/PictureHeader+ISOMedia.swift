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
        while let (type, body, next) = header(at: offset, end: container.upperBound, &source), boxes < boxesLimit {
            boxes += 1
            if type == 0x6973_7065, let width = source.big(body.lowerBound + 4, 4),
                let height = source.big(body.lowerBound + 8, 4), body.count >= 12, width <= Int32.max,
                height <= Int32.max
            {
                if width * height > best.map({ $0.width * $0.height }) ?? 0 { best = (width, height) }
            } else if type == 0x6972_6F74, let angle = source.byte(body.lowerBound) {
                isTurned = angle & 1 == 1
            }
            offset = next
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
        while boxes < boxesLimit, let (type, body, next) = header(at: offset, end: range.upperBound, &source) {
            boxes += 1
            if type == wanted { return body }
            offset = next
        }
        return nil
    }

    /// The type and the body of the box at `offset`, and where the next one begins (ISO/IEC 14496-12 §4.2).
    private static func header(
        at offset: Int,
        end: Int,
        _ source: inout ByteSource
    ) -> (type: Int, body: Range<Int>, next: Int)? {
        guard offset <= end - 8, let short = source.big(offset, 4), let type = source.big(offset + 4, 4) else {
            return nil
        }
        var start = offset + 8
        var length = short
        if short == 1 {
            guard let long = source.big64(offset + 8) else { return nil }
            length = long
            start += 8
        } else if short == 0 {
            length = end - offset
        }
        guard length >= start - offset, length <= end - offset else { return nil }
        return (type, start..<offset + length, offset + length)
    }
}
