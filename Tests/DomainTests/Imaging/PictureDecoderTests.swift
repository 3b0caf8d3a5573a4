import Testing

@testable import Domain

struct PictureDecoderTests {
    private func expectClose(_ left: Pixmap, _ right: Pixmap, within tolerance: Int) {
        #expect(left.width == right.width && left.height == right.height)
        let worst = zip(left.pixels, right.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(worst <= tolerance)
    }

    @Test("PNG, JPEG and WebP decode to the pixels that were encoded")
    func roundTrips() throws {
        let picture = try TestPicture.pixmap(48, 32)
        #expect(try PictureDecoder.decode(TestPicture.png(48, 32), side: 256) == picture)
        expectClose(try PictureDecoder.decode(TestPicture.jpeg(48, 32), side: 256), picture, within: 12)
        expectClose(try PictureDecoder.decode(TestPicture.webP(48, 32), side: 256), picture, within: 24)
    }

    @Test(
        "Every colour type of PNG becomes RGBA",
        arguments: [
            (1, 0, [0b1000_0000], [255, 255, 255, 255]), (8, 0, [77], [77, 77, 77, 255]),
            (16, 0, [77, 9], [77, 77, 77, 255]), (8, 2, [1, 2, 3], [1, 2, 3, 255]),
            (16, 2, [1, 0, 2, 0, 3, 0], [1, 2, 3, 255]), (8, 3, [1], [40, 50, 60, 90]),
            (8, 4, [9, 200], [9, 9, 9, 200]), (16, 4, [9, 0, 200, 0], [9, 9, 9, 200]),
            (8, 6, [1, 2, 3, 4], [1, 2, 3, 4]), (16, 6, [1, 0, 2, 0, 3, 0, 4, 0], [1, 2, 3, 4]),
        ] as [(UInt8, UInt8, [UInt8], [UInt8])]
    )
    func colourTypes(_ depth: UInt8, _ colour: UInt8, _ pixel: [UInt8], _ expected: [UInt8]) throws {
        let palette = [("PLTE", [0, 0, 0, 40, 50, 60]), ("tRNS", [255, 90])] as [(String, [UInt8])]
        let file = TestPicture.png(
            1,
            1,
            depth: depth,
            colour: colour,
            rows: [0] + pixel,
            chunks: colour == 3 ? palette : []
        )
        let result = try PictureDecoder.decode(file, side: 256).pixels
        #expect(zip(result, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(result)")
    }

    @Test("The longer side shrinks to the wanted one, and the other with it")
    func sizes() throws {
        for file in [try TestPicture.png(600, 300), try TestPicture.jpeg(600, 300), try TestPicture.webP(600, 300)] {
            let picture = try PictureDecoder.decode(file, side: 256)
            #expect([picture.width, picture.height] == [256, 128])
            expectClose(picture, try TestPicture.pixmap(256, 128), within: 26)
        }
        let thin = try PictureDecoder.decode(TestPicture.png(900, 1), side: 256)
        #expect([thin.width, thin.height] == [256, 1])
    }

    @Test("A picture turned by its Exif comes out upright", arguments: 1...8 as ClosedRange<UInt8>)
    func upright(_ value: UInt8) throws {
        let stored = try PictureDecoder.decode(TestPicture.jpeg(600, 300), side: 256)
        let turned = try PictureDecoder.decode(TestPicture.jpeg(600, 300, orientation: value), side: 256)
        let orientation = try #require(Orientation(rawValue: value))
        #expect(turned == stored.oriented(orientation))
        #expect(turned.width == (value >= 5 ? 128 : 256))
    }

    @Test("A file cut off anywhere is refused or decoded, never a crash")
    func truncated() throws {
        for file in [try TestPicture.png(20, 12), try TestPicture.jpeg(20, 12), try TestPicture.webP(20, 12)] {
            for length in 0..<file.count { _ = try? PictureDecoder.decode(Array(file.prefix(length)), side: 8) }
            let half = Array(file.prefix(file.count * 2 / 3))
            #expect(throws: PictureError.self) { try PictureDecoder.decode(half, side: 8) }
        }
    }

    @Test("Damaged files never crash")
    func damaged() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        print("seed", seed)
        for file in [try TestPicture.png(20, 12), try TestPicture.jpeg(20, 12), try TestPicture.webP(20, 12)] {
            for _ in 0..<400 {
                var bytes = file
                for _ in 0..<3 {
                    bytes[Int.random(in: 8..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                _ = try? PictureDecoder.decode(bytes, side: 8, limits: PictureLimits(bufferedPixels: 1 << 20))
            }
        }
    }

    @Test("A picture of one endless row is refused, for a row is held whole")
    func endlessRow() throws {
        let limits = PictureLimits()
        let side = limits.side
        for (width, height) in [(side + 1, 1), (1, side + 1)] {
            let header = try #require(PictureHeader(width: width, height: height))
            #expect {
                try limits.check(header)
            } throws: { error in
                if case .tooLarge? = error as? PictureError { true } else { false }
            }
        }
        let longest = try #require(PictureHeader(width: side, height: 1))
        #expect(throws: Never.self) { try limits.check(longest) }
    }

    @Test("Pixels and bytes past the limits are refused before anything is decoded")
    func limits() throws {
        let file = try TestPicture.png(40, 40)
        for limits in [PictureLimits(bytes: 100), PictureLimits(streamedPixels: 1599)] {
            #expect {
                try PictureDecoder.decode(file, side: 8, limits: limits)
            } throws: { error in
                if case .tooLarge? = error as? PictureError { true } else { false }
            }
        }
        #expect(throws: Never.self) {
            try PictureDecoder.decode(file, side: 8, limits: PictureLimits(streamedPixels: 1600))
        }
        // A header alone that promises 4 billion pixels.
        var bomb = file
        bomb.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0, 1, 0, 0])
        #expect {
            try PictureDecoder.decode(bomb, side: 8)
        } throws: { error in
            if case .tooLarge? = error as? PictureError { true } else { false }
        }
    }

    @Test("A picture format that is not decoded says so")
    func unsupported() {
        #expect(throws: PictureError.unsupported("image/gif")) {
            try PictureDecoder.decode(Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8), side: 8)
        }
        #expect(throws: PictureError.unsupported("the format is not known")) {
            try PictureDecoder.decode(Array("hello".utf8), side: 8)
        }
    }

    @Test("A thumbnail keeps alpha and is never larger than the picture")
    func thumbnail() throws {
        let small = try PictureDecoder.decode(Thumbnail.make(TestPicture.png(30, 20, alpha: 90)), side: 256)
        #expect([small.width, small.height] == [30, 20])
        #expect(small.pixels[3] == 90)
        let large = try Thumbnail.make(TestPicture.jpeg(300, 600))
        #expect(PictureDecoder.inspect(large).type == .webp)
        #expect(PictureDecoder.inspect(large).header?.height == 256)
        #expect(Thumbnail.isThumbnail(large))
        #expect(!Thumbnail.isThumbnail(Array(large.dropLast())))
    }

    @Test(
        "A picture of too many pixels is halved until it has few enough, and not turned",
        arguments: [1200, 1199, 300, 74]
    )
    func stored(_ pixels: Int) throws {
        let size = [1200: [40, 30], 1199: [20, 15], 300: [20, 15], 74: [5, 4]][pixels]
        for bytes in [
            try TestPicture.png(40, 30), try TestPicture.webP(40, 30), try TestPicture.jpeg(40, 30, orientation: 6),
        ] {
            let stored = try PictureDecoder.decodeStored(bytes, pixels: pixels)
            #expect([stored.picture.width, stored.picture.height] == size)
            #expect([stored.header.width, stored.header.height] == [40, 30])
        }
    }

    @Test("At its own size a picture keeps the colours under what is clear")
    func clearColours() throws {
        let line: [UInt8] = [0] + (0..<8).flatMap { _ in [180, 0] as [UInt8] }
        let png = TestPicture.png(8, 8, depth: 8, colour: 4, rows: (0..<8).flatMap { _ in line })
        #expect(try PictureDecoder.decodeStored(png, pixels: 64).picture.pixels.prefix(4) == [180, 180, 180, 0])
        let header = try #require(PictureDecoder.inspect(png).header)
        #expect(try PNGDecoder.decodeInRows(png, header, (8, 8)).pixels.prefix(4) == [180, 180, 180, 0])
    }
}
