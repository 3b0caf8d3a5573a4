import Testing

@testable import Domain

/// Sizes and alpha of sample pictures (contracts/gallery.md §2).
struct SampleFormsTests {
    @Test(
        "The base size is the picture's own up to two million pixels, then one in proportion, cut to whole numbers",
        arguments: [
            // Python: int(side * math.sqrt(2_000_000 / (width * height)))
            (512, 768, 512, 768), (1000, 2000, 1000, 2000), (1001, 2000, 1000, 1999), (2048, 2048, 1414, 1414),
            (4096, 4096, 1414, 1414), (1920, 1080, 1885, 1060), (832, 1216, 832, 1216), (3000, 1, 3000, 1),
            (100_000, 100, 44_721, 44),
        ]
    )
    func base(_ width: Int, _ height: Int, _ baseWidth: Int, _ baseHeight: Int) {
        let size = SampleSize(of: width, height)
        #expect(size.width == baseWidth && size.height == baseHeight)
    }

    @Test(
        "Medium and low are parts of the base size, cut to whole numbers, at least a pixel",
        arguments: [(1000, 2000, 660, 1320, 330, 660), (1414, 1414, 933, 933, 466, 466), (7, 1, 4, 1, 2, 1)]
    )
    func parts(_ width: Int, _ height: Int, _ mediumX: Int, _ mediumY: Int, _ lowX: Int, _ lowY: Int) {
        let base = SampleSize(of: width, height)
        #expect(base.size(.high) == base)
        #expect(base.size(.medium).width == mediumX && base.size(.medium).height == mediumY)
        #expect(base.size(.low).width == lowX && base.size(.low).height == lowY)
    }

    private func decoded(_ forms: SampleForms, _ quality: SampleQuality = .high) throws -> PictureDecoder.Stored {
        try PictureDecoder.decodeStored(#require(forms.files[quality]), pixels: 1 << 30)
    }

    /// The size of each form, from high to low.
    private func sizes(_ forms: SampleForms) throws -> [[Int]] {
        try SampleQuality.allCases.map { quality in
            let header = try decoded(forms, quality).header
            return [header.width, header.height]
        }
    }

    @Test("A picture of every kind comes in three sizes, and with alike colours")
    func kinds() throws {
        for bytes in [try TestPicture.png(100, 50), try TestPicture.jpeg(100, 50), try TestPicture.webP(100, 50)] {
            let forms = try SampleForms(bytes)
            #expect(try sizes(forms) == [[100, 50], [66, 33], [33, 16]])
            for quality in SampleQuality.allCases {
                let picture = try decoded(forms, quality).picture
                let last = picture.pixels.suffix(4).map { Int($0) }
                #expect(last[0] > 230 && last[1] > 220 && abs(last[2] - 40) < 30 && last[3] == 255)
                #expect(picture.pixels[0] < 30 && picture.pixels[1] < 30)
            }
        }
    }

    @Test("A picture of more than two million pixels is made smaller")
    func large() throws {
        // 2.03 million pixels of one bit each.
        let rows = [UInt8](repeating: 0, count: 251 * 1015)
        let png = TestPicture.png(2000, 1015, depth: 1, colour: 0, rows: rows)
        #expect(try sizes(SampleForms(png)) == [[1985, 1007], [1310, 664], [655, 332]])
    }

    @Test("A picture is turned upright, whichever container says how it lies", arguments: 1...8 as ClosedRange<UInt8>)
    func orientation(_ number: UInt8) throws {
        let orientation = try #require(Orientation(rawValue: number))
        let tiff: [UInt8] =
            Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, number, 0, 0, 0, 0, 0, 0]
        let picture = try TestPicture.pixmap(96, 48)
        var rows: [UInt8] = []
        for y in 0..<48 { rows += [0] + picture.pixels[384 * y..<384 * (y + 1)] }
        let png = TestPicture.png(96, 48, depth: 8, colour: 6, rows: rows, chunks: [("eXIf", tiff)])
        for bytes in [try TestPicture.jpeg(96, 48, orientation: number), png] {
            let forms = try SampleForms(bytes)
            let turned = picture.oriented(orientation)
            #expect(
                try sizes(forms)
                    == [[96, 48], [63, 31], [31, 15]].map { orientation.swapsSides ? $0.reversed() : $0 }
            )
            let found = try decoded(forms).picture
            for corner in [0, turned.width - 1, turned.width * (turned.height - 1), turned.width * turned.height - 1] {
                for channel in 0..<2 {
                    let index = 4 * corner + channel
                    #expect(abs(Int(found.pixels[index]) - Int(turned.pixels[index])) < 40)
                }
            }
        }
    }

    @Test("RGBA, palettes and WebP keep their alpha; greys and colours with a clear one do not")
    func alpha() throws {
        let rgba = try TestPicture.png(20, 20, alpha: 100)
        let webP = try TestPicture.webP(20, 20, alpha: 100)
        let line: [UInt8] = [0] + [UInt8](repeating: 0, count: 20)
        let rows = (0..<20).flatMap { _ in line }
        let palette = TestPicture.png(
            20,
            20,
            depth: 8,
            colour: 3,
            rows: rows,
            chunks: [("PLTE", [200, 0, 0]), ("tRNS", [100])]
        )
        for bytes in [rgba, webP, palette] {
            let forms = try SampleForms(bytes)
            for quality in SampleQuality.allCases {
                let pixels = try decoded(forms, quality).picture.pixels
                #expect(stride(from: 3, to: pixels.count, by: 4).allSatisfy { pixels[$0] == 100 })
            }
        }
        let plain = TestPicture.png(20, 20, depth: 8, colour: 3, rows: rows, chunks: [("PLTE", [200, 0, 0])])
        let greyLine: [UInt8] = [0] + (0..<20).flatMap { _ in [180, 0] as [UInt8] }
        let grey = TestPicture.png(20, 20, depth: 8, colour: 4, rows: (0..<20).flatMap { _ in greyLine })
        let clear = TestPicture.png(20, 20, depth: 8, colour: 0, rows: rows, chunks: [("tRNS", [0, 0])])
        for (bytes, value) in [(plain, 200), (grey, 180), (clear, 0)] {
            let picture = try decoded(SampleForms(bytes)).picture
            #expect(picture.isOpaque)
            // The colour under what was clear is the one that was stored.
            #expect(abs(Int(picture.pixels[0]) - value) < 8)
        }
    }

    @Test("Nothing but pixels is in the files")
    func metadata() throws {
        let text: [UInt8] = Array("parameters\0a secret prompt".utf8)
        let picture = try TestPicture.pixmap(16, 16)
        var rows: [UInt8] = []
        for y in 0..<16 { rows += [0] + picture.pixels[64 * y..<64 * (y + 1)] }
        let png = TestPicture.png(16, 16, depth: 8, colour: 6, rows: rows, chunks: [("tEXt", text)])
        for bytes in [png, try TestPicture.jpeg(16, 16, orientation: 6)] {
            for file in try SampleForms(bytes).files.values {
                let chunks = stride(from: 12, to: file.count - 8, by: 1)
                for name in ["EXIF", "XMP ", "ICCP"] {
                    #expect(!chunks.contains { Array(file[$0..<$0 + 4]) == Array(name.utf8) })
                }
                #expect(!String(decoding: file, as: UTF8.self).contains("secret"))
            }
        }
    }

    @Test("A lost form is made again from the high one, in the same size")
    func again() throws {
        let forms = try SampleForms(TestPicture.jpeg(101, 53))
        let high = try #require(forms.files[.high])
        let low = try SampleForms.form(.low, fromHigh: high)
        let header = try #require(PictureDecoder.inspect(low).header)
        #expect([header.width, header.height] == [33, 17])
    }

    @Test("What is no picture, cut off, too large or too thin is refused")
    func refused() throws {
        let whole = try TestPicture.png(40, 40)
        #expect(throws: PictureError.self) { try SampleForms([]) }
        #expect(throws: PictureError.self) { try SampleForms(Array("no picture at all".utf8)) }
        #expect(throws: PictureError.self) { try SampleForms(Array(whole.prefix(whole.count / 2))) }
        #expect(throws: PictureError.self) { try SampleForms(whole, limits: PictureLimits(bytes: whole.count - 1)) }
        #expect(throws: PictureError.self) { try SampleForms(whole, limits: PictureLimits(streamedPixels: 1599)) }
        #expect(throws: Never.self) { try SampleForms(whole, limits: PictureLimits(streamedPixels: 1600)) }
        // A header that promises 16 thousand million pixels.
        var bomb = TestPicture.png(1, 1, depth: 8, colour: 6, rows: [0, 0, 0, 0, 0])
        bomb.replaceSubrange(16..<24, with: TestPicture.big(130_000, 4) + TestPicture.big(130_000, 4))
        #expect(throws: PictureError.self) { try SampleForms(bomb) }
        let thin = TestPicture.png(20_000, 1, depth: 8, colour: 0, rows: [UInt8](repeating: 0, count: 20_001))
        #expect {
            try SampleForms(thin)
        } throws: { error in
            (error as? PictureError)?.description.contains("16383") == true
        }
    }
}
