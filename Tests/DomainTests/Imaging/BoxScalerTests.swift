import Testing

@testable import Domain

struct BoxScalerTests {
    /// The mean of the area that each new pixel covers, reckoned plainly.
    private func mean(_ picture: Pixmap, _ width: Int, _ height: Int) -> [UInt8] {
        var result: [UInt8] = []
        let overlap = { (index: Int, source: Int, count: Int, position: Int) -> Double in
            let scale = Double(source) / Double(count)
            return max(
                0,
                min(Double(index + 1), Double(position + 1) * scale) - max(Double(index), Double(position) * scale)
            )
        }
        for y in 0..<height {
            for x in 0..<width {
                var (sums, total) = (SIMD4<Double>.zero, 0.0)
                for row in y * picture.height / height...min(picture.height - 1, (y + 1) * picture.height / height) {
                    for column in x * picture.width / width...min(picture.width - 1, (x + 1) * picture.width / width) {
                        let weight = overlap(row, picture.height, height, y) * overlap(column, picture.width, width, x)
                        // Rounding may give a pixel beside the area a little.
                        guard weight > 1e-9 else { continue }
                        let start = 4 * (row * picture.width + column)
                        let pixel = picture.pixels[start..<start + 4].map(Double.init)
                        sums += SIMD4(pixel[0], pixel[1], pixel[2], 1) * pixel[3] * weight
                        total += weight
                    }
                }
                let colour = sums.w > 0 ? sums / sums.w : .zero
                result += [colour.x, colour.y, colour.z, sums.w / total].map { UInt8($0.rounded()) }
            }
        }
        return result
    }

    @Test("Every size gives the means of areas, with alpha, without, and with rows of both")
    func means() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        print("seed", seed)
        for _ in 0..<120 {
            let (width, height) = (Int.random(in: 1...70, using: &generator), Int.random(in: 1...70, using: &generator))
            let alpha = Int.random(in: 0...2, using: &generator)
            var pixels: [UInt8] = []
            for _ in 0..<height {
                let isOpaque = alpha == 0 || (alpha == 1 && Bool.random(using: &generator))
                for _ in 0..<width {
                    for _ in 0..<3 { pixels.append(.random(in: 0...255, using: &generator)) }
                    pixels.append(isOpaque ? 255 : .random(in: 0...255, using: &generator))
                }
            }
            let picture = try #require(Pixmap(width: width, height: height, pixels: pixels))
            let size = (Int.random(in: 1...width, using: &generator), Int.random(in: 1...height, using: &generator))
            let scaled = try PictureDecoder.scale(pixels, from: (width, height), to: size)
            // Where there is nothing to scale, clear pixels keep the colours that nobody sees.
            let expected = size == (width, height) ? pixels : mean(picture, size.0, size.1)
            let worst = zip(scaled.pixels, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
            #expect(worst <= 1, "\(width)x\(height) to \(size), alpha \(alpha)")
        }
    }

    @Test("A column and a row longer than any sum of 16 bits keep their colour", arguments: [(1, 3000), (70_000, 2)])
    func longSums(_ width: Int, _ height: Int) throws {
        let pixels = [UInt8](repeating: 255, count: 4 * width * height)
        let scaled = try PictureDecoder.scale(pixels, from: (width, height), to: (1, 1))
        #expect(scaled.pixels == [255, 255, 255, 255])
    }
}
