import Testing

@testable import Domain

/// EXIF in both byte orders, and structures made to lead a reader astray.
struct EXIFReaderTests {
    private func read(_ bytes: [UInt8]) -> [EXIFField] {
        bytes.withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            return EXIFReader.read(&source)
        }
    }

    @Test("Values of every type are read in both byte orders", arguments: [true, false])
    func types(_ isLittleEndian: Bool) {
        var sample = EXIFSample(isLittleEndian: isLittleEndian)
        let n = { (value: Int, size: Int) in sample.number(value, size) }
        let values: [(type: Int, count: Int, bytes: [UInt8], value: EXIFField.Value)] = [
            (1, 2, [1, 200], .bytes([1, 200])),
            (2, 6, Array("Hello\0".utf8), .text("Hello")),
            (2, 3, Array("ab\0".utf8), .text("ab")),
            (2, 6, Array("a\0b\0c\0".utf8), .text("a")),
            (2, 5, [0x63, 0x61, 0x66, 0xE9, 0], .text("café")),
            (3, 1, n(40000, 2), .integers([40000])),
            (3, 3, n(1, 2) + n(2, 2) + n(3, 2), .integers([1, 2, 3])),
            (4, 1, n(0xFFFF_FFFF, 4), .integers([0xFFFF_FFFF])),
            (5, 1, n(1, 4) + n(3, 4), .rationals([EXIFField.Rational(1, 3)])),
            (6, 2, [0xFF, 1], .integers([-1, 1])),
            (7, 5, [9, 8, 7, 0, 255], .bytes([9, 8, 7, 0, 255])),
            (8, 1, n(-2, 2), .integers([-2])),
            (9, 1, n(-3, 4), .integers([-3])),
            (10, 1, n(-1, 4) + n(2, 4), .rationals([EXIFField.Rational(-1, 2)])),
            (11, 1, n(Int(Float(1.5).bitPattern), 4), .reals([1.5])),
            (12, 1, n(Int(truncatingIfNeeded: Double(-0.25).bitPattern), 8), .reals([-0.25])),
            (13, 1, n(77, 4), .integers([77])),
        ]
        for (index, value) in values.enumerated() {
            sample.image.append((1000 + index, value.type, value.count, value.bytes))
        }
        let fields = read(sample.bytes)
        #expect(fields.map(\.tag) == Array(1000..<1000 + values.count))
        for (field, value) in zip(fields, values) { #expect(field.value == value.value) }
        #expect(fields.allSatisfy { $0.isLittleEndian == isLittleEndian && $0.directory == .image })
    }

    @Test("The directories of Exif and GPS follow the first one", arguments: [true, false])
    func directories(_ isLittleEndian: Bool) {
        var sample = EXIFSample(isLittleEndian: isLittleEndian)
        sample.addText(271, "Maker")
        sample.addComment(Array("ASCII\0\0\0hi".utf8))
        sample.gps.append((1, 2, 2, Array("N\0".utf8)))
        let fields = read(sample.bytes)
        #expect(fields.map(\.directory) == [.image, .image, .image, .exif, .gps])
        #expect(fields.map(\.tag) == [271, 0x8769, 0x8825, 37510, 1])
    }

    @Test("Directories that point at themselves and each other are read once")
    func loops() {
        var sample = EXIFSample()
        sample.addText(271, "Maker")
        sample.image.append((0x8769, 4, 1, sample.number(8, 4)))
        sample.image.append((0x8825, 4, 1, sample.number(8, 4)))
        var bytes = sample.bytes
        #expect(read(bytes).count == 3)
        // A pointer into the middle of the directory it stands in, and a next directory that is the first.
        bytes.replaceSubrange(8 + 2 + 12 + 8..<8 + 2 + 12 + 12, with: sample.number(10, 4))
        bytes.replaceSubrange(8 + 2 + 36..<8 + 2 + 40, with: sample.number(8, 4))
        #expect(read(bytes).count < 2 * 1024 + 4)
    }

    @Test("Fields whose values overlap cannot multiply what is there")
    func overlaps() {
        var sample = EXIFSample()
        sample.image.append((1, 7, 40_000, [UInt8](repeating: 1, count: 40_000)))
        var bytes = sample.bytes
        // A thousand fields with the value of the first one.
        let field = Array(bytes[10..<22])
        let place = 8 + 2 + 12 * 1000
        let value = sample.number(place + 4, 4)
        bytes.replaceSubrange(8..<10, with: sample.number(1000, 2))
        bytes.replaceSubrange(10..<22, with: Array(repeating: field.prefix(8) + value, count: 1000).joined())
        let total = read(bytes).reduce(0) { sum, field in
            if case .bytes(let bytes) = field.value { sum + bytes.count } else { sum }
        }
        #expect(total > 0)
        #expect(total <= 2 * bytes.count)
    }

    @Test("A count or a place that lies leaves the field out, and the others are read", arguments: 0..<6)
    func lies(_ lie: Int) {
        var sample = EXIFSample()
        let n = sample.number
        let wrong: (type: Int, count: Int, value: [UInt8]) = [
            (2, 0xFFFF_FFFF, n(8, 4)), (7, 100, n(0xFFFF_FFFF, 4)), (5, 0x2000_0000, n(0, 4)), (99, 1, n(0, 4)),
            (0, 1, n(0, 4)), (3, 70_000, n(8, 4)),
        ][lie]
        sample.image.append((1, wrong.type, wrong.count, wrong.value))
        sample.addShort(2, 7)
        #expect(read(sample.bytes).map(\.tag) == [2])
    }

    @Test(
        "What is no TIFF structure has no fields",
        arguments: ["", "II", "II*\0", "II*\0\u{8}\0\0\0", "MM*\0\0\0\0\u{8}", "II*\0\0\0\0\0\0\0", "hello world"]
    )
    func noStructure(_ text: String) { #expect(read(Array(text.utf8)).isEmpty) }

    @Test("Structures cut off at any byte or damaged never crash", arguments: [true, false])
    func damaged(_ isLittleEndian: Bool) {
        var sample = EXIFSample(isLittleEndian: isLittleEndian)
        sample.addText(271, "A maker of cameras")
        sample.addRational(282, 72, 1)
        sample.addComment(Array("UNICODE\0".utf8) + [0, 65, 0, 66])
        sample.gps.append((2, 5, 3, [UInt8](repeating: 1, count: 24)))
        let bytes = sample.bytes
        for length in 0..<bytes.count { #expect(read(Array(bytes.prefix(length))).count <= 7) }
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5000 {
            var bytes = bytes
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                bytes[Int.random(in: 4..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            #expect(read(bytes).count <= 3 * 1024, "seed \(seed)")
        }
    }
}
