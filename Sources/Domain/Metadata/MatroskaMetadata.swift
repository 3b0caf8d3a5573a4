/// The size, length and tags of Matroska and WebM (RFC 9559 §5.1).
enum MatroskaMetadata {
    private static let seekHead = 0x114D_9B74
    private static let information = 0x1549_A966
    private static let tracks = 0x1654_AE6B
    private static let tags = 0x1254_C367
    private static let cluster = 0x1F43_B675

    /// Reads what stands before the first cluster of pictures, and what the index there says stands behind them.
    static func read(_ source: inout ByteSource, _ collector: inout MetadataCollector) {
        var steps = MetadataCollector.partsLimit
        guard let head = EBMLElement(&source, at: 0, end: source.count), head.isLengthKnown,
            let segment = EBMLElement(&source, at: head.body.upperBound, end: source.count), segment.id == 0x1853_8067
        else { return }
        var seeks: [Int: Int] = [:]
        var seen = Set<Int>()
        forEach(in: segment.body, &source, &steps) { source, steps, element in
            switch element.id {
            case cluster: return false
            case seekHead: readSeeks(&source, &steps, element.body, &seeks)
            default:
                seen.insert(element.id)
                readPart(&source, &steps, element, &collector)
            }
            return element.isLengthKnown
        }
        for id in [information, tracks, tags] where !seen.contains(id) {
            guard let place = seeks[id], place <= segment.body.count,
                let element = EBMLElement(
                    &source,
                    at: segment.body.lowerBound + place,
                    end: segment.body.upperBound
                ), element.id == id
            else { continue }
            readPart(&source, &steps, element, &collector)
        }
    }

    private static func forEach(
        in range: Range<Int>,
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: (inout ByteSource, inout Int, EBMLElement) -> Bool
    ) {
        var offset = range.lowerBound
        while steps > 0, let element = EBMLElement(&source, at: offset, end: range.upperBound) {
            steps -= 1
            guard body(&source, &steps, element) else { return }
            offset = element.body.upperBound
        }
    }

    /// Where parts of the segment stand, counted from its content's start.
    private static func readSeeks(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: Range<Int>,
        _ seeks: inout [Int: Int]
    ) {
        forEach(in: body, &source, &steps) { source, steps, seek in
            guard seek.id == 0x4DBB else { return true }
            var (id, place): (Int?, Int?)
            forEach(in: seek.body, &source, &steps) { source, _, element in
                if element.id == 0x53AB { id = element.unsigned(&source) }
                if element.id == 0x53AC { place = element.unsigned(&source) }
                return true
            }
            if let id, let place, [information, tracks, tags].contains(id), seeks[id] == nil { seeks[id] = place }
            return true
        }
    }

    private static func readPart(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ part: EBMLElement,
        _ collector: inout MetadataCollector
    ) {
        switch part.id {
        case information: readInformation(&source, &steps, part.body, &collector)
        case tracks:
            forEach(in: part.body, &source, &steps) { source, steps, track in
                guard track.id == 0xAE, collector.metadata.width == nil else { return true }
                forEach(in: track.body, &source, &steps) { source, steps, element in
                    if element.id == 0xE0 { readVideo(&source, &steps, element.body, &collector) }
                    return true
                }
                return true
            }
        case tags:
            forEach(in: part.body, &source, &steps) { source, steps, tag in
                guard tag.id == 0x7373 else { return true }
                forEach(in: tag.body, &source, &steps) { source, steps, element in
                    if element.id == 0x67C8 { readTag(&source, &steps, element.body, &collector) }
                    return true
                }
                return true
            }
        default: break
        }
    }

    private static func readInformation(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        var scale = 1_000_000
        var duration: Double?
        forEach(in: body, &source, &steps) { source, _, element in
            switch element.id {
            case 0x2AD7B1: scale = element.unsigned(&source) ?? scale
            case 0x4489: duration = element.real(&source)
            case 0x7BA9:
                _ = source.withBytes(element.body.lowerBound, element.body.count) {
                    collector.add("title", $0, isUTF8: true)
                }
            default: break
            }
            return true
        }
        if let duration, duration > 0, duration.isFinite {
            collector.metadata.duration = duration * Double(scale) / 1_000_000_000
        }
    }

    /// The sides as displayed when they are told in pixels, else as stored.
    private static func readVideo(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        var values: [Int: Int] = [:]
        forEach(in: body, &source, &steps) { source, _, element in
            if [0xB0, 0xBA, 0x54B0, 0x54BA, 0x54B2].contains(element.id) {
                values[element.id] = element.unsigned(&source)
            }
            return true
        }
        let isInPixels = values[0x54B2] ?? 0 == 0
        guard let width = (isInPixels ? values[0x54B0] : nil) ?? values[0xB0],
            let height = (isInPixels ? values[0x54BA] : nil) ?? values[0xBA], width > 0, height > 0,
            width <= Int32.max, height <= Int32.max
        else { return }
        collector.metadata.width = width
        collector.metadata.height = height
    }

    /// A simple tag: a name and a text.
    private static func readTag(
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: Range<Int>,
        _ collector: inout MetadataCollector
    ) {
        var name: String?
        var text: Range<Int>?
        forEach(in: body, &source, &steps) { source, _, element in
            if element.id == 0x45A3, element.body.count <= 1024 {
                name = source.withBytes(element.body.lowerBound, element.body.count) { MetadataText.utf8($0) }
            }
            if element.id == 0x4487 { text = element.body }
            return true
        }
        guard let name, let text else { return }
        _ = source.withBytes(text.lowerBound, text.count) { collector.add(name, $0, isUTF8: true) }
    }
}
