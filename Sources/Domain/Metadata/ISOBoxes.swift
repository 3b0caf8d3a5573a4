/// Walks over the boxes of an ISO base media file.
enum ISOBoxes {
    /// Calls `body` with every box that stands in `range`, until it answers `false` or `steps` boxes were seen.
    static func forEach(
        in range: Range<Int>,
        _ source: inout ByteSource,
        _ steps: inout Int,
        _ body: (inout ByteSource, inout Int, ISOBox) -> Bool
    ) {
        var offset = range.lowerBound
        while steps > 0, let box = ISOBox(&source, at: offset, end: range.upperBound) {
            steps -= 1
            guard body(&source, &steps, box) else { return }
            offset = box.next
        }
    }

    /// The content of the first box of a type in `range`.
    static func first(_ type: Int, in range: Range<Int>, _ source: inout ByteSource, _ steps: inout Int) -> Range<Int>?
    {
        var found: Range<Int>?
        forEach(in: range, &source, &steps) { _, _, box in
            if box.type == type { found = box.body }
            return found == nil
        }
        return found
    }
}
