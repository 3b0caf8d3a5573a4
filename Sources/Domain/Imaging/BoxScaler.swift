import CPixels

/// Makes a picture smaller by averaging areas, row by row as a decoder delivers them.
///
/// Each new pixel is the mean of the area that it covers, its edges counted by the part that lies inside. Colours
/// count by their alpha, so a clear pixel's colour leaks into nothing. Nothing is made larger.
///
/// Rows without alpha that count in full, nearly all there are in a great reduction, are first added up as they are,
/// colour by colour, and averaged in their own direction once for each new row.
struct BoxScaler {
    /// How many rows of 8 bits 16 bits can add up.
    private static let plainLimit = 257

    /// The area of the source that one new pixel covers, in one direction.
    private typealias Span = pixels_span

    /// How many pixels a span may have for 31 bits to hold the sums of plain rows.
    private static let spanLimit = 32_768

    private let sourceWidth: Int
    private let sourceHeight: Int
    private let width: Int
    private let height: Int
    private let columns: [Span]
    private let rows: [Span]
    /// The sums of the present new row: colours times alpha, and alpha times 255.
    private var sums: [SIMD4<Float>]
    private var line: [SIMD4<Float>]
    /// The colours of plain rows added up, and of how many.
    private var plain: [UInt16]
    private var plainRows = 0
    /// Whether any of the rows that the present new row covers has alpha.
    private var hasAlpha = false
    private var y = 0
    private var row = 0
    private var pixels: [UInt8]

    /// A scaler between two sizes; `nil` when the new one is empty or larger in any direction.
    init?(from source: (width: Int, height: Int), to size: (width: Int, height: Int)) {
        guard size.width > 0, size.height > 0, size.width <= source.width, size.height <= source.height else {
            return nil
        }
        (sourceWidth, sourceHeight) = source
        (width, height) = size
        columns = Self.spans(source.width, size.width)
        rows = Self.spans(source.height, size.height)
        sums = Array(repeating: .zero, count: size.width)
        line = sums
        plain = Array(repeating: 0, count: 4 * source.width)
        pixels = Array(repeating: 0, count: 4 * size.width * size.height)
    }

    /// Where each of `count` new pixels begins and ends among `source` old ones, in whole numbers as far as possible.
    private static func spans(_ source: Int, _ count: Int) -> [Span] {
        let weight = Float(count) / Float(source)
        return (0..<count).map { index in
            let (first, firstCut) = (index * source).quotientAndRemainder(dividingBy: count)
            let (end, endPart) = ((index + 1) * source).quotientAndRemainder(dividingBy: count)
            let last = endPart == 0 ? end - 1 : end
            let firstWeight = Float(count - firstCut) / Float(source)
            let lastWeight = endPart == 0 ? weight : Float(endPart) / Float(source)
            return Span(first: first, last: last, first_weight: firstWeight, last_weight: lastWeight, weight: weight)
        }
    }

    /// Takes in the next row of `4 * sourceWidth` bytes; rows past the last and rows that are too short are ignored.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard y < sourceHeight, bytes.count >= 4 * sourceWidth, row < height else { return }
        var span = rows[row]
        let weight = y == span.first ? span.first_weight : y == span.last ? span.last_weight : span.weight
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let isOpaque = pixels_are_opaque(start, sourceWidth) != 0
        hasAlpha = hasAlpha || !isOpaque
        if weight == span.weight, isOpaque, sourceWidth < width * (Self.spanLimit - 2) {
            if plainRows == Self.plainLimit { reducePlain() }
            addPlain(bytes)
            if y == span.last { emit() }
        } else {
            reduce(bytes)
            accumulate(weight)
            if y == span.last {
                emit()
                // A row on the border of two new rows counts in both.
                if row < height, rows[row].first == y {
                    span = rows[row]
                    hasAlpha = !isOpaque
                    accumulate(span.first_weight)
                }
            }
        }
        y += 1
    }

    /// The new picture; `nil` before all rows have come.
    func finish() -> Pixmap? { row == height ? Pixmap(width: width, height: height, pixels: pixels) : nil }

    /// Averages one row in its own direction.
    private mutating func reduce(_ bytes: UnsafeRawBufferPointer) {
        let pixel = { (x: Int) in Self.weighted(Self.word(bytes, x)) }
        line.withUnsafeMutableBufferPointer { line in
            columns.withUnsafeBufferPointer { columns in
                for index in 0..<line.count {
                    let span = columns[index]
                    var sum = pixel(span.first) * span.first_weight
                    if span.last > span.first {
                        let middle = Self.sum(bytes, span.first + 1..<span.last)
                        sum += middle * span.weight + pixel(span.last) * span.last_weight
                    }
                    line[index] = sum
                }
            }
        }
    }

    /// A pixel as a number: red lowest, alpha highest.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ x: Int) -> UInt32 {
        bytes.loadUnaligned(fromByteOffset: 4 * x, as: UInt32.self).littleEndian
    }

    /// A pixel's colours times its alpha, and its alpha times 255.
    @inline(__always)
    private static func weighted(_ word: UInt32) -> SIMD4<Float> {
        SIMD4(Float(word & 0xFF), Float(word >> 8 & 0xFF), Float(word >> 16 & 0xFF), 255) * Float(word >> 24)
    }

    /// The sum of whole pixels.
    ///
    /// Pixels without alpha, nearly all there are, are added two colours to a number, at most 256 at a time so that
    /// no sum of 8-bit values leaves its 16 bits.
    @inline(__always)
    private static func sum(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> SIMD4<Float> {
        var total = SIMD4<Float>.zero
        var x = range.lowerBound
        while x < range.upperBound {
            let end = min(x + 256, range.upperBound)
            var (even, odd, common): (UInt32, UInt32, UInt32) = (0, 0, .max)
            for index in x..<end {
                let word = word(bytes, index)
                even &+= word & 0x00FF_00FF
                odd &+= word >> 8 & 0x00FF_00FF
                common &= word
            }
            if common >> 24 == 255 {
                total += SIMD4(Float(even & 0xFFFF), Float(odd & 0xFFFF), Float(even >> 16), Float(odd >> 16)) * 255
            } else {
                for index in x..<end { total += weighted(word(bytes, index)) }
            }
            x = end
        }
        return total
    }

    private mutating func accumulate(_ weight: Float) {
        for index in 0..<width { sums[index] += line[index] * weight }
    }

    private mutating func addPlain(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        plainRows += 1
        plain.withUnsafeMutableBufferPointer { pixels_add(start, $0.count, $0.baseAddress) }
    }

    /// Averages the plain rows in their own direction, adds them to the sums, and begins anew.
    private mutating func reducePlain() {
        guard plainRows > 0 else { return }
        plainRows = 0
        let weight = rows[row].weight * 255
        sums.withUnsafeMutableBytes { sums in
            pixels_reduce(plain, columns, columns.count, weight, sums.bindMemory(to: Float.self).baseAddress)
        }
        plain.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }

    /// Writes the present new row.
    private mutating func emit() {
        reducePlain()
        let start = 4 * width * row
        row += 1
        // Among numbers from 2^23 on the neighbours are whole ones: adding it rounds, into the lowest bits.
        let whole = SIMD4<Float>(repeating: 8_388_608)
        sums.withUnsafeMutableBufferPointer { sums in
            pixels.withUnsafeMutableBytes { pixels in
                for index in 0..<width {
                    var colour = sums[index]
                    sums[index] = .zero
                    if hasAlpha {
                        let alpha = colour.w / 255
                        guard alpha > 0 else { continue }
                        colour /= alpha
                        colour.w = alpha
                    } else {
                        colour *= 1 / 255
                        colour.w = 255
                    }
                    // Never negative, and not above 255 but for the last bits of a number, which rounding takes.
                    let word = unsafeBitCast(colour + whole, to: SIMD4<UInt32>.self)
                    let pixel = word.x & 255 | (word.y & 255) << 8 | (word.z & 255) << 16 | (word.w & 255) << 24
                    pixels.storeBytes(of: pixel.littleEndian, toByteOffset: start + 4 * index, as: UInt32.self)
                }
            }
        }
        hasAlpha = false
    }
}
