extension PNGImage {
    /// About how many bytes of rows are inflated at a time: few enough to stay near the processor.
    private static let batchLength = 96 * 1024

    /// Decodes the picture and hands its rows of RGBA to `body`, from the top; `false` when the file is not lawful.
    ///
    /// What was handed over before that is then to be thrown away.
    func decode(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        let stride = rowLength + 1
        // Whole groups that are filtered together.
        let batch = max(1, Self.batchLength / stride / PNGGroupFilter.count) * PNGGroupFilter.count
        // A pixel of RGB is read as four bytes, the last one too.
        let rows = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: min(batch, height) * stride + 1)
        defer { rows.deallocate() }
        guard let start = rows.baseAddress else { return false }
        start[rows.count - 1] = 0
        let inflater = PNGInflater(bytes, data)
        let next = { (y: Int) in
            let count = min(batch, height - y)
            return inflater.read(into: start, count: count * stride) ? count : nil
        }
        let isColour = depth == 8 && (colour == 2 && clear.isEmpty || colour == 6)
        let isDone = isColour ? decodeColours(start, next, body) : decodeAny(start, next, body)
        return isDone && inflater.finish()
    }

    /// Puts the rows from the given one on in their place; answers how many, or `nil` when the stream is not lawful.
    private typealias Source = (_ y: Int) -> Int?

    /// Rows of 8-bit RGB or RGBA.
    private func decodeColours(
        _ rows: UnsafeMutablePointer<UInt8>,
        _ load: Source,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        let filter = PNGPixelFilter(step: pixelLength, width: width)
        let group = PNGGroupFilter(step: pixelLength, width: width)
        let length = 4 * width
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: (PNGGroupFilter.count + 1) * length)
        defer { buffer.deallocate() }
        buffer.initialize(repeating: 0)
        guard let start = buffer.baseAddress else { return false }
        // The row above the next ones, then those.
        let next = start + length
        var y = 0
        while y < height {
            guard let loaded = load(y) else { return false }
            var row = 0
            while row < loaded {
                let source = rows + (rowLength + 1) * row
                let count = row + PNGGroupFilter.count <= loaded ? PNGGroupFilter.count : 1
                let isDone =
                    count > 1
                    ? group.undo(source, stride: rowLength + 1, above: start, into: next)
                    : filter.undo(source.pointee, source + 1, above: start, into: next)
                guard isDone else { return false }
                for index in 0..<count { body(UnsafeRawBufferPointer(start: next + length * index, count: length)) }
                start.update(from: next + length * (count - 1), count: length)
                row += count
            }
            y += loaded
        }
        return true
    }

    /// Rows of any kind.
    private func decodeAny(
        _ rows: UnsafeMutablePointer<UInt8>,
        _ load: Source,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        let expansion = PNGExpansion(self)
        let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: width)
        defer { pixels.deallocate() }
        pixels.initialize(repeating: 0)
        // The last row of the rows before.
        let last = UnsafeMutablePointer<UInt8>.allocate(capacity: rowLength)
        defer { last.deallocate() }
        last.initialize(repeating: 0, count: rowLength)
        guard let row = pixels.baseAddress else { return false }
        var y = 0
        while y < height {
            guard let loaded = load(y) else { return false }
            var above = last
            for index in 0..<loaded {
                let source = rows + (rowLength + 1) * index
                let (type, samples) = (source.pointee, source + 1)
                guard PNGFilter.undo(type, samples, above: above, count: rowLength, step: pixelLength),
                    expansion.expand(samples, into: row)
                else { return false }
                body(UnsafeRawBufferPointer(pixels))
                above = samples
            }
            last.update(from: above, count: rowLength)
            y += loaded
        }
        return true
    }
}
