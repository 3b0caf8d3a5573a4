/// Where the items of a `meta` box lie: `iloc` of the versions 0, 1 and 2 (ISO/IEC 14496-12 §8.11.3).
struct ItemLocations {
    /// The content of `iloc`.
    var body: Range<Int>
    /// The content of `idat`, in which items may lie instead of in the file.
    var data: Range<Int>?
    /// How many items and pieces may be gone through.
    var steps: Int
    /// How many pieces of one item are kept.
    private static let piecesLimit = 256

    init(body: Range<Int>, data: Range<Int>?, steps: Int) {
        self.body = body
        self.data = data
        self.steps = steps
    }

    /// Calls `found` with every item's number and the places of its pieces; items that lie elsewhere are passed over.
    mutating func read(_ source: inout ByteSource, _ found: (inout ByteSource, Int, [Range<Int>]) -> Void) {
        let start = body.lowerBound
        guard let version = source.byte(start), version <= 2, let sizes = source.big(start + 4, 2) else { return }
        let (offsetSize, lengthSize, baseSize) = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15)
        let indexSize = version == 0 ? 0 : sizes & 15
        let idSize = version < 2 ? 2 : 4
        var offset = start + 6
        guard let count = take(&source, &offset, idSize) else { return }
        for _ in 0..<count {
            guard steps > 0, let item = take(&source, &offset, idSize) else { return }
            steps -= 1
            var method = 0
            if version > 0 {
                guard let value = take(&source, &offset, 2) else { return }
                method = value & 15
            }
            guard let file = take(&source, &offset, 2), let base = take(&source, &offset, baseSize),
                let extents = take(&source, &offset, 2)
            else { return }
            var pieces: [Range<Int>]? = []
            for _ in 0..<extents {
                guard steps > 0, take(&source, &offset, indexSize) != nil,
                    let place = take(&source, &offset, offsetSize), let length = take(&source, &offset, lengthSize)
                else { return }
                steps -= 1
                if let piece = piece(source, method, base, place, length), (pieces?.count ?? 0) < Self.piecesLimit {
                    pieces?.append(piece)
                } else {
                    pieces = nil
                }
            }
            if let pieces, !pieces.isEmpty, file == 0 { found(&source, item, pieces) }
        }
    }

    /// The next number; one of no bytes is 0.
    private func take(_ source: inout ByteSource, _ offset: inout Int, _ size: Int) -> Int? {
        guard [0, 2, 4, 8].contains(size), size <= body.upperBound - offset else { return nil }
        if size == 0 { return 0 }
        let value = size == 8 ? source.big64(offset) : source.big(offset, size)
        offset += size
        return value
    }

    /// Method 0 counts from the start of the file, 1 from that of `idat`; a length of 0 goes to the end.
    private func piece(_ source: ByteSource, _ method: Int, _ base: Int, _ place: Int, _ length: Int) -> Range<Int>? {
        let space: Range<Int>
        switch method {
        case 0: space = 0..<source.count
        case 1:
            guard let data else { return nil }
            space = data
        default: return nil
        }
        let (relative, overflow) = base.addingReportingOverflow(place)
        guard !overflow, relative <= space.count else { return nil }
        let start = space.lowerBound + relative
        let left = space.upperBound - start
        guard length <= left else { return nil }
        return start..<start + (length == 0 ? left : length)
    }
}
