import Testing

@testable import Domain

struct PNGImageTests {
    private static let kinds: [(depth: Int, colour: Int, samples: Int)] = [
        (1, 0, 1), (2, 0, 1), (4, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (1, 3, 1), (2, 3, 1), (4, 3, 1),
        (8, 3, 1), (8, 4, 2), (16, 4, 2), (8, 6, 4), (16, 6, 4),
    ]

    /// Rows of random bytes behind random filters, or all behind `filter`.
    private func rows(
        _ width: Int,
        _ height: Int,
        _ kind: (depth: Int, colour: Int, samples: Int),
        filter: UInt8? = nil,
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        let length = (width * kind.depth * kind.samples + 7) / 8
        return (0..<height).flatMap { _ in
            [filter ?? .random(in: 0...4, using: &generator)]
                + (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
    }

    private func palette(_ kind: (depth: Int, colour: Int, samples: Int)) -> [(String, [UInt8])] {
        guard kind.colour == 3 else { return [] }
        let count = 1 << kind.depth
        return [
            ("PLTE", (0..<3 * count).map { UInt8(truncatingIfNeeded: $0 * 37) }),
            ("tRNS", (0..<(count + 1) / 2).map { UInt8(truncatingIfNeeded: 255 - $0 * 11) }),
        ]
    }

    /// What the fast way gives; `nil` when it leaves the file to libspng.
    private func lawful(_ file: [UInt8], _ size: ThumbnailSize) throws -> Pixmap? {
        let header = try #require(PictureDecoder.inspect(file).header)
        let target = PictureDecoder.fit(header, size)
        return try file.withUnsafeBytes { bytes in
            guard let image = PNGImage(bytes, header) else { return nil }
            if target == (header.width, header.height) {
                var pixels: [UInt8] = []
                guard image.decode(bytes, { pixels.append(contentsOf: $0) }) else { return nil }
                return Pixmap(width: target.width, height: target.height, pixels: pixels)
            }
            var scaler = try #require(BoxScaler(from: (header.width, header.height), to: target))
            return image.decode(bytes) { scaler.add($0) } ? scaler.finish() : nil
        }
    }

    private func inRows(_ file: [UInt8], _ size: ThumbnailSize) throws -> Pixmap {
        let header = try #require(PictureDecoder.inspect(file).header)
        return try PNGDecoder.decodeInRows(file, header, PictureDecoder.fit(header, size))
    }

    @Test("All colour types, depths and filters give what libspng gives, at every width")
    func likeLibspng() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        print("seed", seed)
        for kind in Self.kinds {
            for width in [1, 2, 3, 4, 5, 7, 8, 13, 31] {
                for (height, filter) in [(1, nil), (3, nil), (8, 4), (9, nil), (29, nil)] as [(Int, UInt8?)] {
                    let rows = rows(width, height, kind, filter: filter, &generator)
                    let file = TestPicture.png(
                        width,
                        height,
                        depth: UInt8(kind.depth),
                        colour: UInt8(kind.colour),
                        rows: rows,
                        chunks: palette(kind)
                    )
                    let size = ThumbnailSize(square: .random(in: 1...40, using: &generator))
                    let picture = try #require(try lawful(file, size), "\(kind) \(width)x\(height)")
                    #expect(picture == (try inRows(file, size)), "\(kind) \(width)x\(height) \(size)")
                }
            }
        }
    }

    @Test("Each filter alone gives what libspng gives", arguments: 0...4 as ClosedRange<UInt8>)
    func filters(_ filter: UInt8) throws {
        var generator = SeededGenerator(seed: UInt64(filter))
        for kind in Self.kinds {
            let rows = rows(33, 11, kind, filter: filter, &generator)
            let file = TestPicture.png(
                33,
                11,
                depth: UInt8(kind.depth),
                colour: UInt8(kind.colour),
                rows: rows,
                chunks: palette(kind)
            )
            let size = ThumbnailSize(square: 64)
            let expected: Pixmap? = try inRows(file, size)
            #expect(try lawful(file, size) == expected, "\(kind)")
        }
    }

    @Test(
        "The one colour that stands for clear is clear",
        arguments: [
            (2, 0, [0, 2]), (8, 0, [0, 77]), (16, 0, [77, 9]), (8, 2, [0, 1, 0, 2, 0, 3]), (16, 2, [1, 0, 2, 0, 3, 1]),
        ]
            as [(UInt8, UInt8, [UInt8])]
    )
    func clearColour(_ depth: UInt8, _ colour: UInt8, _ clear: [UInt8]) throws {
        let samples: [UInt8] =
            switch (depth, colour) {
            case (2, _): [0b1001_1010]
            case (8, 0): [77, 78]
            case (16, 0): [77, 9, 77, 8]
            case (8, _): [1, 2, 3, 1, 2, 4]
            default: [1, 0, 2, 0, 3, 1, 1, 0, 2, 0, 3, 0]
            }
        let width = depth == 2 ? 4 : 2
        let file = TestPicture.png(
            width,
            1,
            depth: depth,
            colour: colour,
            rows: [0] + samples,
            chunks: [("tRNS", clear)]
        )
        let picture = try #require(try lawful(file, ThumbnailSize(square: 8)))
        #expect(picture == (try inRows(file, ThumbnailSize(square: 8))))
        #expect(picture.pixels[3] == 0)
        #expect(picture.pixels[7] == 255)
    }

    @Test("A stream in many chunks is one stream")
    func manyChunks() throws {
        let file = try TestPicture.png(40, 20)
        let start = 8 + 25
        let length =
            Int(file[start]) << 24 | Int(file[start + 1]) << 16 | Int(file[start + 2]) << 8 | Int(file[start + 3])
        let data = Array(file[start + 8..<start + 8 + length])
        var split = Array(file[..<start])
        for part in stride(from: 0, to: data.count, by: 7) {
            split += TestPicture.chunk("IDAT", Array(data[part..<min(part + 7, data.count)]))
        }
        split += TestPicture.chunk("IEND", [])
        let expected: Pixmap? = try TestPicture.pixmap(40, 20)
        #expect(try lawful(split, ThumbnailSize(square: 64)) == expected)
    }

    @Test("What is not whole and lawful is left to libspng, which has the last word")
    func leftAlone() throws {
        let file = try TestPicture.png(40, 20)
        let data = 8 + 25
        var files: [(String, [UInt8])] = []
        var damaged = file
        damaged[file.count - 12 - 10] ^= 1
        files.append(("a wrong checksum of the data", damaged))
        files.append(("no end", Array(file.dropLast(12))))
        files.append(("cut off", Array(file.prefix(file.count / 2))))
        files.append(
            ("an unknown critical chunk", Array(file[..<data]) + TestPicture.chunk("ABCD", [1]) + file[data...])
        )
        files.append(("a second header", Array(file[..<data]) + file[8..<data] + file[data...]))
        let rows = [UInt8](repeating: 0, count: 20 * 161)
        files.append(("too many rows", TestPicture.png(40, 19, depth: 8, colour: 6, rows: rows)))
        files.append(("too few rows", TestPicture.png(40, 21, depth: 8, colour: 6, rows: rows)))
        files.append(("an unknown filter", TestPicture.png(40, 1, depth: 8, colour: 6, rows: [5] + rows[1..<161])))
        files.append(("an unknown filter", TestPicture.png(40, 1, depth: 16, colour: 0, rows: [5] + rows[1..<81])))
        files.append(("no palette", TestPicture.png(8, 1, depth: 8, colour: 3, rows: Array(rows[..<9]))))
        let short = [("PLTE", [1, 2, 3])] as [(String, [UInt8])]
        let past = rows[..<8] + [1]
        files.append(
            ("a short palette", TestPicture.png(8, 1, depth: 8, colour: 3, rows: Array(past), chunks: short))
        )
        files.append(
            ("a short palette", TestPicture.png(8, 1, depth: 2, colour: 3, rows: [0, 0, 1], chunks: short))
        )
        let tooClear = short + [("tRNS", [0, 255])]
        files.append(
            (
                "more transparency than colours",
                TestPicture.png(8, 1, depth: 2, colour: 3, rows: [0, 0, 0], chunks: tooClear)
            )
        )
        for (what, file) in files {
            #expect(try lawful(file, ThumbnailSize(square: 64)) == nil, "\(what)")
            let expected = Result { try inRows(file, ThumbnailSize(square: 64)) }
            let actual = Result { try PictureDecoder.decode(file, side: 64) }
            #expect((try? expected.get()) == (try? actual.get()), "\(what)")
            if case .failure(let error as PictureError) = expected { #expect(throws: error) { try actual.get() } }
        }
    }

    @Test("A palette may be shorter than its indices could tell", arguments: [(1, 1), (2, 3), (4, 9), (8, 64)])
    func shortPalette(_ depth: Int, _ count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(depth))
        let perByte = 8 / depth
        let rows: [UInt8] = (0..<20).flatMap { _ in
            [0]
                + (0..<16).map { _ in
                    (0..<perByte).reduce(0 as UInt8) { byte, _ in
                        byte << UInt8(depth % 8) | .random(in: 0..<UInt8(count), using: &generator)
                    }
                }
        }
        let palette: [UInt8] = (0..<3 * count).map { UInt8(truncatingIfNeeded: $0 * 37) }
        let file = TestPicture.png(
            16 * perByte,
            20,
            depth: UInt8(depth),
            colour: 3,
            rows: rows,
            chunks: [("PLTE", palette)]
        )
        let picture = try #require(try lawful(file, ThumbnailSize(square: 400)))
        #expect(picture == (try inRows(file, ThumbnailSize(square: 400))))
    }

    @Test("A picture that is inflated in many pieces gives what libspng gives")
    func manyBatches() throws {
        var generator = SeededGenerator(seed: 8)
        for kind in Self.kinds where kind.depth >= 8 {
            let rows = rows(300, 203, kind, &generator)
            let file = TestPicture.png(
                300,
                203,
                depth: UInt8(kind.depth),
                colour: UInt8(kind.colour),
                rows: rows,
                chunks: palette(kind)
            )
            let expected: Pixmap? = try inRows(file, ThumbnailSize(square: 200))
            #expect(try lawful(file, ThumbnailSize(square: 200)) == expected, "\(kind)")
        }
    }
}
