import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The scaler against the filter as its formula says, pixel by pixel.
struct LanczosScalerTests {
    private func filter(_ x: Double) -> Double {
        if x == 0 { return 1 }
        guard abs(x) < 3 else { return 0 }
        let angle = Double.pi * x
        let product: Double = sin(angle) * sin(angle / 3)
        return 3 * product / (angle * angle)
    }

    /// Every old pixel weighed for every new one, colours by their alpha.
    private func naive(_ picture: Pixmap, _ width: Int, _ height: Int) -> [UInt8] {
        let scale = (x: Double(picture.width) / Double(width), y: Double(picture.height) / Double(height))
        var result: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                var sum = SIMD4<Double>.zero
                var total = 0.0
                for v in 0..<picture.height {
                    let down = filter((Double(v) + 0.5 - (Double(y) + 0.5) * scale.y) / scale.y)
                    if down == 0 { continue }
                    for u in 0..<picture.width {
                        let along = filter((Double(u) + 0.5 - (Double(x) + 0.5) * scale.x) / scale.x)
                        let start = 4 * (v * picture.width + u)
                        var pixel = SIMD4<Double>(repeating: 255)
                        for channel in 0..<3 { pixel[channel] = Double(picture.pixels[start + channel]) }
                        pixel *= Double(picture.pixels[start + 3]) / 255
                        sum += pixel * (down * along)
                        total += down * along
                    }
                }
                sum /= total
                var pixel = sum.w < 0.5 ? .zero : sum * (255 / sum.w)
                pixel.w = sum.w
                for channel in 0..<4 { result.append(UInt8(min(255, max(0, pixel[channel])).rounded())) }
            }
        }
        return result
    }

    @Test("Every size gives what the filter's formula says, with alpha and without")
    func formula() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        print("seed", seed)
        for _ in 0..<60 {
            let (width, height) = (Int.random(in: 1...50, using: &generator), Int.random(in: 1...50, using: &generator))
            let size = (Int.random(in: 1...width, using: &generator), Int.random(in: 1...height, using: &generator))
            let isOpaque = Bool.random(using: &generator)
            let pixels = (0..<4 * width * height).map { index in
                isOpaque && index % 4 == 3 ? UInt8.max : UInt8.random(in: 0...255, using: &generator)
            }
            let picture = try #require(Pixmap(width: width, height: height, pixels: pixels))
            let scaled = try #require(LanczosScaler.scale(picture, width: size.0, height: size.1))
            #expect(scaled.width == size.0 && scaled.height == size.1)
            let expected = naive(picture, size.0, size.1)
            // Where alpha is next to nothing, colours are the quotient of two small numbers.
            let worst =
                (0..<expected.count).filter { $0 % 4 == 3 || expected[$0 | 3] > 8 }
                .map { abs(Int(scaled.pixels[$0]) - Int(expected[$0])) }.max() ?? 0
            #expect(worst <= 1, "\(width)x\(height) to \(size)")
        }
    }

    @Test("The same size changes nothing, in one direction either")
    func identity() throws {
        let picture = try TestPicture.pixmap(13, 7)
        #expect(LanczosScaler.scale(picture, width: 13, height: 7) == picture)
        // All rows are equal but for green.
        let narrow = try #require(LanczosScaler.scale(picture, width: 5, height: 7))
        for y in 0..<7 { #expect(narrow.pixels[20 * y + 1] == picture.pixels[52 * y + 1]) }
    }

    @Test("One colour stays that colour at any size", arguments: [(1, 1), (40, 1), (1, 30), (17, 11), (39, 30)])
    func flat(_ width: Int, _ height: Int) throws {
        let pixels = (0..<40 * 30).flatMap { _ in [250, 3, 128, 255] as [UInt8] }
        let picture = try #require(Pixmap(width: 40, height: 30, pixels: pixels))
        let scaled = try #require(LanczosScaler.scale(picture, width: width, height: height))
        #expect(scaled.pixels == (0..<width * height).flatMap { _ in [250, 3, 128, 255] as [UInt8] })
    }

    @Test("A clear pixel's colour leaks into nothing")
    func premultiplied() throws {
        let row = (0..<40).flatMap { x in (x < 20 ? [255, 0, 0, 0] : [0, 0, 200, 255]) as [UInt8] }
        let picture = try #require(Pixmap(width: 40, height: 1, pixels: row))
        let scaled = try #require(LanczosScaler.scale(picture, width: 11, height: 1))
        for x in 0..<11 where scaled.pixels[4 * x + 3] > 0 {
            #expect(scaled.pixels[4 * x] == 0 && scaled.pixels[4 * x + 2] == 200)
        }
        #expect(scaled.pixels.suffix(1) == [255] && scaled.pixels[3] == 0)
    }

    @Test("Nothing is made larger, and no side is nothing", arguments: [(11, 10), (10, 11), (0, 10), (10, 0), (-1, 5)])
    func refused(_ width: Int, _ height: Int) throws {
        #expect(try LanczosScaler.scale(TestPicture.pixmap(10, 10), width: width, height: height) == nil)
    }
}
