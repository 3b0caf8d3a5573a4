extension PNGImage {
    /// Decodes the picture and hands its rows of RGBA to `body`, from the top; `false` when the file is not lawful.
    ///
    /// What was handed over before that is then to be thrown away.
    func decode(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard var rows = rows(bytes) else { return false }
        // A pixel of RGB is read as four bytes, the last one too.
        rows.append(0)
        let isColour = depth == 8 && (colour == 2 && clear.isEmpty || colour == 6)
        return rows.withUnsafeMutableBufferPointer { rows in
            guard let start = rows.baseAddress else { return false }
            return isColour ? decodeColours(start, body) : decodeAny(start, body)
        }
    }

    /// Rows of 8-bit RGB or RGBA.
    private func decodeColours(_ rows: UnsafeMutablePointer<UInt8>, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        let filter = PNGPixelFilter(step: pixelLength, width: width)
        let quad = PNGQuadFilter(step: pixelLength, width: width)
        let length = 4 * width
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 5 * length, alignment: 16)
        defer { buffer.deallocate() }
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        guard let start = buffer.baseAddress else { return false }
        // The row above the next ones, then those.
        let next = start + length
        var y = 0
        while y < height {
            let source = rows + (rowLength + 1) * y
            let count = y + 4 <= height ? 4 : 1
            let isDone =
                count == 4
                ? quad.undo(source, stride: rowLength + 1, above: start, into: next)
                : filter.undo(source.pointee, source + 1, above: start, into: next)
            guard isDone else { return false }
            for index in 0..<count { body(UnsafeRawBufferPointer(start: next + length * index, count: length)) }
            start.copyMemory(from: next + length * (count - 1), byteCount: length)
            y += count
        }
        return true
    }

    /// Rows of any kind.
    private func decodeAny(_ rows: UnsafeMutablePointer<UInt8>, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
        let expansion = PNGExpansion(self)
        let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: width)
        defer { pixels.deallocate() }
        pixels.initialize(repeating: 0)
        let zeros = [UInt8](repeating: 0, count: rowLength)
        guard let row = pixels.baseAddress else { return false }
        return zeros.withUnsafeBufferPointer { zeros in
            guard var above = zeros.baseAddress else { return false }
            for y in 0..<height {
                let source = rows + (rowLength + 1) * y
                let (type, samples) = (source.pointee, source + 1)
                guard PNGFilter.undo(type, samples, above: above, count: rowLength, step: pixelLength) else {
                    return false
                }
                expansion.expand(samples, into: row)
                body(UnsafeRawBufferPointer(pixels))
                above = UnsafePointer(samples)
            }
            return true
        }
    }
}
