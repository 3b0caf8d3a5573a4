import Testing

@testable import Domain

/// Animated WebP, of which the first frame is shown.
struct WebPFrameTests {
    enum Coding: CaseIterable, Sendable {
        case lossy, lossless, lossyAlpha, losslessAlpha

        func file(_ width: Int, _ height: Int) throws -> [UInt8] {
            switch self {
            case .lossy: try TestPicture.webP(width, height)
            case .lossless: try TestPicture.losslessWebP(width, height)
            case .lossyAlpha: try TestPicture.webP(width, height, alpha: 90)
            case .losslessAlpha: try TestPicture.losslessWebP(width, height, alpha: 90)
            }
        }
    }

    private typealias Frame = TestPicture.Frame

    @Test("A frame as large as the canvas is decoded as the same picture alone is", arguments: Coding.allCases)
    func whole(_ coding: Coding) throws {
        let still = try coding.file(600, 300)
        let other = try TestPicture.webP(600, 300, blue: 250)
        let file = TestPicture.animation(600, 300, [Frame(600, 300, file: still), Frame(600, 300, file: other)])
        for side in [1, 256, 599, 4096] {
            #expect(try PictureDecoder.decode(file, side: side) == PictureDecoder.decode(still, side: side))
        }
        let thumbnail = try PictureDecoder.decode(Thumbnail.make(file), side: 256)
        #expect([thumbnail.width, thumbnail.height] == [256, 128])
    }

    @Test("A smaller frame lies where it says, on what is clear", arguments: Coding.allCases)
    func placed(_ coding: Coding) throws {
        let still = try coding.file(40, 20)
        let file = TestPicture.animation(100, 80, [Frame(x: 20, y: 30, 40, 20, file: still)])
        for part in [1, 2] {
            let picture = try PictureDecoder.decode(file, side: 100 / part)
            let alone = try PictureDecoder.decode(still, side: 40 / part)
            #expect([picture.width, picture.height] == [100 / part, 80 / part])
            for y in 0..<picture.height {
                for x in 0..<picture.width {
                    let (left, top) = (x - 20 / part, y - 30 / part)
                    let isInside = (0..<alone.width).contains(left) && (0..<alone.height).contains(top)
                    let expected = isInside ? pixel(alone, left, top) : [0, 0, 0, 0]
                    guard pixel(picture, x, y) != expected else { continue }
                    Issue.record("pixel \(x), \(y) is \(pixel(picture, x, y)), not \(expected)")
                    return
                }
            }
        }
    }

    private func pixel(_ picture: Pixmap, _ x: Int, _ y: Int) -> [UInt8] {
        let start = 4 * (y * picture.width + x)
        return Array(picture.pixels[start..<start + 4])
    }

    @Test("A frame of some pixels is seen on a canvas that becomes tiny")
    func tiny() throws {
        let frame = Frame(x: 998, y: 998, 2, 2, file: try Coding.lossless.file(2, 2))
        let file = TestPicture.animation(1000, 1000, [frame])
        let picture = try PictureDecoder.decode(file, side: 10)
        #expect(pixel(picture, 9, 9)[3] == 255)
        #expect(pixel(picture, 8, 9) == [0, 0, 0, 0])
    }

    @Test("A frame over the edge, of another size than its picture's, or none at all is refused")
    func refused() throws {
        let still = try TestPicture.webP(40, 20)
        let files = [
            TestPicture.animation(40, 20, []), TestPicture.animation(40, 20, [Frame(x: 2, 40, 20, file: still)]),
            TestPicture.animation(40, 20, [Frame(y: 2, 40, 20, file: still)]),
            TestPicture.animation(400, 200, [Frame(400, 200, file: still)]),
        ]
        for file in files {
            #expect {
                try PictureDecoder.decode(file, side: 8)
            } throws: { error in
                if case .corrupt? = error as? PictureError { true } else { false }
            }
        }
        let large = TestPicture.animation(16_384, 16_384, [Frame(40, 20, file: still)])
        #expect {
            try PictureDecoder.decode(large, side: 8)
        } throws: { error in
            if case .tooLarge? = error as? PictureError { true } else { false }
        }
    }

    @Test("A file cut off or damaged anywhere never crashes", arguments: Coding.allCases)
    func damaged(_ coding: Coding) throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        print("seed", seed)
        let frame = Frame(x: 2, y: 4, 20, 12, file: try coding.file(20, 12))
        let file = TestPicture.animation(30, 20, [frame, frame])
        for length in 0..<file.count { _ = try? PictureDecoder.decode(Array(file.prefix(length)), side: 8) }
        for _ in 0..<400 {
            var bytes = file
            for _ in 0..<3 {
                bytes[Int.random(in: 8..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? PictureDecoder.decode(bytes, side: 8, limits: PictureLimits(bufferedPixels: 1 << 20))
        }
    }
}
