import Testing

@testable import Domain

struct PixmapTests {
    /// A picture of single numbers: `rows` as red.
    private func picture(_ rows: [[UInt8]]) throws -> Pixmap {
        let pixels: [UInt8] = rows.flatMap { row in row.flatMap { [$0, 0, 0, 255] as [UInt8] } }
        return try #require(Pixmap(width: rows[0].count, height: rows.count, pixels: pixels))
    }

    @Test(
        "Each of the eight orientations puts every pixel where Exif says",
        arguments: [
            (Orientation.up, [[1, 2, 3], [4, 5, 6]]), (.upMirrored, [[3, 2, 1], [6, 5, 4]]),
            (.down, [[6, 5, 4], [3, 2, 1]]), (.downMirrored, [[4, 5, 6], [1, 2, 3]]),
            (.leftMirrored, [[1, 4], [2, 5], [3, 6]]), (.right, [[4, 1], [5, 2], [6, 3]]),
            (.rightMirrored, [[6, 3], [5, 2], [4, 1]]), (.left, [[3, 6], [2, 5], [1, 4]]),
        ] as [(Orientation, [[UInt8]])]
    )
    func orientation(_ orientation: Orientation, _ expected: [[UInt8]]) throws {
        #expect(try picture([[1, 2, 3], [4, 5, 6]]).oriented(orientation) == picture(expected))
    }

    @Test("A picture with too few pixels is none")
    func wrongCount() {
        #expect(Pixmap(width: 2, height: 2, pixels: [0, 0, 0, 0]) == nil)
        #expect(Pixmap(width: 0, height: 2, pixels: []) == nil)
        #expect(Pixmap(width: .max, height: .max, pixels: []) == nil)
    }

    private func scaled(_ picture: Pixmap, _ width: Int, _ height: Int) throws -> Pixmap {
        try PictureDecoder.scale(picture.pixels, from: (picture.width, picture.height), to: (width, height))
    }

    @Test("Scaling to the same size changes nothing")
    func identity() throws {
        let picture = try TestPicture.pixmap(13, 7)
        #expect(try scaled(picture, 13, 7) == picture)
    }

    @Test("Nothing is made larger")
    func noEnlarging() throws {
        #expect(BoxScaler(from: (10, 10), to: (11, 10)) == nil)
        #expect(BoxScaler(from: (10, 10), to: (0, 10)) == nil)
    }

    @Test("A clear pixel's colour leaks into nothing")
    func premultiplied() throws {
        let picture = try #require(Pixmap(width: 2, height: 1, pixels: [255, 0, 0, 0, 0, 0, 200, 255]))
        #expect(try scaled(picture, 1, 1).pixels == [0, 0, 200, 128])
    }

    @Test(
        "A long row of the brightest pixels stays the brightest, with alpha and without",
        arguments: [255, 254] as [UInt8]
    )
    func longSpans(_ alpha: UInt8) throws {
        let pixels = (0..<2000).flatMap { _ in [255, 255, 255, alpha] as [UInt8] }
        let picture = try #require(Pixmap(width: 2000, height: 1, pixels: pixels))
        #expect(try scaled(picture, 1, 1).pixels == [255, 255, 255, alpha])
    }

    @Test("The mean of each area agrees with a plain computation")
    func means() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let (width, height) = (Int.random(in: 1...40, using: &generator), Int.random(in: 1...40, using: &generator))
            let (newWidth, newHeight) = (
                Int.random(in: 1...width, using: &generator), Int.random(in: 1...height, using: &generator)
            )
            let pixels = (0..<4 * width * height).map {
                $0 % 4 == 3 ? 255 : UInt8.random(in: 0...255, using: &generator)
            }
            let result = try scaled(
                try #require(Pixmap(width: width, height: height, pixels: pixels)),
                newWidth,
                newHeight
            )
            func overlap(_ index: Int, _ count: Int, _ source: Int, _ place: Int) -> Double {
                let scale = Double(source) / Double(count)
                return max(
                    0,
                    min(Double(index + 1) * scale, Double(place + 1)) - max(Double(index) * scale, Double(place))
                )
            }
            for y in 0..<newHeight {
                for x in 0..<newWidth {
                    var (sum, weight) = (0.0, 0.0)
                    for sy in 0..<height {
                        for sx in 0..<width {
                            let part = overlap(x, newWidth, width, sx) * overlap(y, newHeight, height, sy)
                            sum += part * Double(pixels[4 * (sy * width + sx)])
                            weight += part
                        }
                    }
                    let value = Double(result.pixels[4 * (y * newWidth + x)])
                    #expect(abs(value - sum / weight) < 0.6, "seed \(seed)")
                }
            }
        }
    }
}
