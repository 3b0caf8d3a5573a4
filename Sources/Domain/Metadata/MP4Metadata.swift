/// The size, length and texts of MP4 and QuickTime (ISO/IEC 14496-12 §8; QuickTime File Format, metadata).
enum MP4Metadata {
    /// Reads `moov`, which may stand behind the film, and XMP in a box of its own.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        var steps = MetadataCollector.partsLimit
        ISOBoxes.forEach(in: 0..<source.count, &source, &steps) { source, steps, box in
            if box.type == 0x6D6F_6F76 {  // moov
                readMovie(&source, &steps, box.body, &collector)
            } else if box.type == 0x7575_6964, box.body.count > 16, isXMP(&source, box.body.lowerBound) {  // uuid
                _ = source.withBytes(box.body.lowerBound + 16, box.body.count - 16) { collector.addXMP($0) }
            }
            return true
        }
    }

    /// Whether the sixteen bytes that name a box's content are those of XMP (XMP part 3 §1.2.7).
    private static func isXMP(_ source: inout ByteSource, _ offset: Int) -> Bool {
        source.big(offset, 4) == 0xBE7A_CFCB && source.big(offset + 4, 4) == 0x97A9_42E8
            && source.big(offset + 8, 4) == 0x9C71_9994 && source.big(offset + 12, 4) == 0x91E3_AFAC
    }

    private static func readMovie(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ movie: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        ISOBoxes.forEach(in: movie, &source, &steps) { source, steps, box in
            switch box.type {
            case 0x6D76_6864: collector.metadata.duration = duration(&source, box.body)  // mvhd
            case 0x7472_616B:  // trak
                if collector.metadata.width == nil, let size = videoSize(&source, &steps, box.body) {
                    collector.metadata.width = size.width
                    collector.metadata.height = size.height
                }
            case 0x6D65_7461: MP4Texts.readMeta(&source, &steps, box.body, &collector)  // meta
            case 0x7564_7461: MP4Texts.readUserData(&source, &steps, box.body, &collector)  // udta
            default: break
            }
            return true
        }
    }

    /// Seconds, by `mvhd` of version 0 or 1; `nil` for one of unknown length.
    private static func duration(_ source: inout ByteSource, _ body: Range<Int>) -> Double? {
        let isLong = source.byte(body.lowerBound) == 1
        let start = body.lowerBound + (isLong ? 20 : 12)
        guard body.count >= (isLong ? 32 : 20), let scale = source.big(start, 4), scale > 0,
            let ticks = isLong ? source.big64(start + 4) : source.big(start + 4, 4), isLong || ticks != 0xFFFF_FFFF
        else { return nil }
        return Double(ticks) / Double(scale)
    }

    /// The sides of a video track as displayed: `tkhd` turned by its matrix; `nil` for other tracks.
    private static func videoSize(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ track: Range<Int>
    ) -> (width: Int, height: Int)? {
        guard let media = ISOBoxes.first(0x6D64_6961, in: track, &source, &steps),  // mdia
            let handler = ISOBoxes.first(0x6864_6C72, in: media, &source, &steps), handler.count >= 12,  // hdlr
            source.big(handler.lowerBound + 8, 4) == 0x7669_6465,  // vide
            let header = ISOBoxes.first(0x746B_6864, in: track, &source, &steps)  // tkhd
        else { return nil }
        let matrix = header.lowerBound + (source.byte(header.lowerBound) == 1 ? 52 : 40)
        guard matrix + 44 <= header.upperBound, let a = source.big(matrix, 4), let b = source.big(matrix + 4, 4),
            let c = source.big(matrix + 12, 4), let d = source.big(matrix + 16, 4),
            let width = source.big(matrix + 36, 2), let height = source.big(matrix + 40, 2), width > 0, height > 0
        else { return nil }
        let isTurned = a == 0 && d == 0 && b != 0 && c != 0
        return isTurned ? (height, width) : (width, height)
    }
}
