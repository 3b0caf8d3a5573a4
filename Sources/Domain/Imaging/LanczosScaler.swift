/// Makes a picture smaller with the Lanczos filter of three lobes, first along the rows, then across them.
///
/// Colours count by their alpha, so a clear pixel's colour leaks into nothing. Nothing is made larger. Only the new rows
/// that the present old row is a part of are held, seven or eight of them.
struct LanczosScaler {
    private let sourceWidth: Int
    private let sourceHeight: Int
    private let width: Int
    private let height: Int
    private let columns: LanczosKernel
    private let rows: LanczosKernel
    /// One old row: colours times alpha, and alpha, 0 to 255 each.
    private var line: [SIMD4<Float>]
    /// The same, made to the new width.
    private var narrow: [SIMD4<Float>]
    /// The sums of the new rows that are under way, each at its number modulo ``depth``.
    private var sums: [SIMD4<Float>]
    private let depth: Int
    /// The next old row and the next new one.
    private var y = 0
    private var row = 0
    private var pixels: [UInt8]

    /// A picture made smaller; `nil` when a side is not positive or larger than it was.
    static func scale(_ picture: Pixmap, width: Int, height: Int) -> Pixmap? {
        guard width != picture.width || height != picture.height else { return picture }
        guard var scaler = LanczosScaler(from: (picture.width, picture.height), to: (width, height)) else { return nil }
        picture.pixels.withUnsafeBytes { bytes in
            let length = 4 * picture.width
            for y in 0..<picture.height {
                scaler.add(UnsafeRawBufferPointer(rebasing: bytes[length * y..<length * (y + 1)]))
            }
        }
        return scaler.finish()
    }

    private init?(from source: (width: Int, height: Int), to size: (width: Int, height: Int)) {
        guard let columns = LanczosKernel(from: source.width, to: size.width),
            let rows = LanczosKernel(from: source.height, to: size.height)
        else { return nil }
        (sourceWidth, sourceHeight) = source
        (width, height) = size
        (self.columns, self.rows) = (columns, rows)
        // As many new rows as one old row can be a part of.
        var depth = 1
        for index in rows.spans.indices {
            while index + depth < rows.spans.count,
                rows.spans[index + depth].first < rows.spans[index].first + rows.spans[index].count
            { depth += 1 }
        }
        self.depth = depth
        line = Array(repeating: .zero, count: source.width)
        narrow = Array(repeating: .zero, count: size.width)
        sums = Array(repeating: .zero, count: size.width * depth)
        pixels = Array(repeating: 0, count: 4 * size.width * size.height)
    }

    /// Takes in the next row of `4 * sourceWidth` bytes.
    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard row < height, y < sourceHeight else { return }
        // Old rows between two new ones that need none of them.
        if y >= rows.spans[row].first {
            spread(bytes)
            gather()
            accumulate()
        }
        y += 1
        while row < height, rows.spans[row].first + rows.spans[row].count <= y { emit() }
    }

    private func finish() -> Pixmap? {
        row == height ? Pixmap(width: width, height: height, pixels: pixels) : nil
    }

    /// Multiplies alpha into the colours of an old row.
    private mutating func spread(_ bytes: UnsafeRawBufferPointer) {
        line.withUnsafeMutableBufferPointer { line in
            for x in 0..<line.count {
                let word = bytes.loadUnaligned(fromByteOffset: 4 * x, as: SIMD4<UInt8>.self)
                var pixel = SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: word))
                if word.w != 255 {
                    let alpha = pixel.w
                    pixel *= alpha / 255
                    pixel.w = alpha
                }
                line[x] = pixel
            }
        }
    }

    /// Makes the old row to the new width.
    private mutating func gather() {
        line.withUnsafeBufferPointer { line in
            columns.weights.withUnsafeBufferPointer { weights in
                columns.spans.withUnsafeBufferPointer { spans in
                    narrow.withUnsafeMutableBufferPointer { narrow in
                        for index in 0..<narrow.count {
                            let span = spans[index]
                            var sum = SIMD4<Float>.zero
                            for number in 0..<span.count {
                                sum += line[span.first &+ number] * weights[span.weight &+ number]
                            }
                            narrow[index] = sum
                        }
                    }
                }
            }
        }
    }

    /// Adds it to all new rows that it is a part of.
    private mutating func accumulate() {
        narrow.withUnsafeBufferPointer { narrow in
            sums.withUnsafeMutableBufferPointer { sums in
                var next = row
                while next < height, rows.spans[next].first <= y {
                    let span = rows.spans[next]
                    let start = next % depth * width
                    next += 1
                    guard y < span.first + span.count else { continue }
                    let weight = rows.weights[span.weight + y - span.first]
                    for x in 0..<narrow.count { sums[start &+ x] += narrow[x] * weight }
                }
            }
        }
    }

    /// Writes the next new row.
    private mutating func emit() {
        let start = row % depth * width
        let target = 4 * width * row
        row += 1
        pixels.withUnsafeMutableBytes { pixels in
            sums.withUnsafeMutableBufferPointer { sums in
                for x in 0..<width {
                    let sum = sums[start + x]
                    sums[start + x] = .zero
                    guard sum.w >= 0.5 else { continue }
                    var pixel = sum * (255 / sum.w)
                    // The filter overshoots at edges, also that of alpha.
                    pixel.w = sum.w
                    pixel = (pixel + 0.5).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
                    pixels.storeBytes(
                        of: SIMD4<UInt8>(truncatingIfNeeded: SIMD4<Int32>(pixel)),
                        toByteOffset: target + 4 * x,
                        as: SIMD4<UInt8>.self
                    )
                }
            }
        }
    }
}
