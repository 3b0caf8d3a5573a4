import Realtime
import Testing

struct UTF8ValidatorTests {
    /// Whether one of the pieces is refused, and whether the end is that of a whole character.
    private func read(_ bytes: [UInt8], chunks: [Int]) -> (failedChunk: Bool, isWhole: Bool) {
        var validator = UTF8Validator()
        var rest = bytes[...]
        for size in chunks {
            let isValid = Array(rest.prefix(size)).withUnsafeBytes { validator.consume($0) }
            if !isValid { return (true, false) }
            rest = rest.dropFirst(size)
        }
        return (false, validator.isAtBoundary)
    }

    /// The offset of the first byte after which nothing can follow that makes a valid text, found by trying.
    private func naiveFailure(_ bytes: [UInt8]) -> Int? {
        let endings: [[UInt8]] = [
            [], [0x80], [0xA0], [0x80, 0x80], [0xA0, 0x80], [0x80, 0x80, 0x80], [0xA0, 0x80, 0x80],
        ]
        return bytes.indices.first { index in
            endings.allSatisfy { String(validating: bytes[...index] + $0, as: UTF8.self) == nil }
        }
    }

    private static let scalars: [[UInt8]] = {
        // All scalars below U+0800, those around each border, and a sample of the rest.
        var values = Array(UInt32(0)..<0x800)
        values += stride(from: 0x800, to: 0x11_0000, by: 61)
        for border: UInt32 in [0x800, 0x1000, 0xD000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0x10_FFFF] {
            values += (border - 70)...(border + 70)
        }
        return values.compactMap { Unicode.Scalar($0) }.compactMap { UTF8.encode($0).map(Array.init) }
    }()

    /// Sequences that a rule of RFC 3629 forbids, with the offset of the byte that does it.
    static let wrong: [(bytes: [UInt8], offset: Int)] = [
        ([0x80], 0), ([0xBF], 0), ([0xC0], 0), ([0xC1, 0xBF], 0), ([0xF5], 0), ([0xFE], 0), ([0xFF], 0),
        ([0xC2, 0x41], 1), ([0xE0, 0x80], 1), ([0xE0, 0x9F], 1), ([0xED, 0xA0], 1), ([0xED, 0xBF], 1),
        ([0xF0, 0x80], 1), ([0xF0, 0x8F], 1), ([0xF4, 0x90], 1), ([0xE1, 0x80, 0x41], 2),
        ([0xF1, 0x80, 0x80, 0xC0], 3), ([0xE2, 0x82, 0xAC, 0xE2, 0x28], 4),
        (Array("0123456789abcdef".utf8) + [0x80], 16),
    ]

    @Test("A wrong byte fails at once and not before", arguments: wrong)
    func firstWrongByte(bytes: [UInt8], offset: Int) {
        var validator = UTF8Validator()
        for (index, byte) in bytes.enumerated() {
            let isValid = withUnsafeBytes(of: byte) { validator.consume($0) }
            #expect(isValid == (index < offset), "byte \(index)")
            if !isValid { break }
        }
    }

    @Test("Every sequence of two to four bytes is valid inside a text exactly when the standard library says so")
    func sequences() {
        var misread: [[UInt8]] = []
        for lead in UInt8(0xC0)...0xFF {
            for second in UInt8.min ... .max {
                for rest: [UInt8] in [[], [0x80], [0xBF], [0x41], [0xC0], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0xC0]] {
                    let bytes = [0x61, lead, second] + rest + Array("more".utf8)
                    let expected = String(validating: bytes, as: UTF8.self) != nil
                    if read(bytes, chunks: [bytes.count]) != (!expected, expected) { misread.append(bytes) }
                }
            }
        }
        #expect(misread == [])
    }

    @Test("Every scalar is valid, and cut short it is not whole")
    func scalars() {
        let misread = Self.scalars.filter { bytes in
            (1...bytes.count).contains { count in
                read(Array(bytes.prefix(count)), chunks: [count]) != (false, count == bytes.count)
            }
        }
        #expect(misread == [])
    }

    @Test("Random bytes fail where a naive decoder fails, over random splits", arguments: [1, 2, 3])
    func random(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            while bytes.count < 40, Int.random(in: 0..<30, using: &random) > 0 {
                bytes += Self.scalars.randomElement(using: &random) ?? []
            }
            if Bool.random(using: &random), !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                bytes[position] = UInt8.random(in: .min ... .max, using: &random)
            }
            let failure = naiveFailure(bytes)
            for count in 1..<max(bytes.count + 1, 2) where count <= bytes.count {
                let prefix = Array(bytes.prefix(count))
                let chunks = Chunkings.random(of: count, using: &random)
                let shouldFail = failure.map { $0 < count } ?? false
                #expect(read(prefix, chunks: chunks).failedChunk == shouldFail, "\(bytes) \(chunks)")
            }
        }
    }

    @Test("Random bytes are whole and valid exactly when the standard library says so", arguments: [11, 12])
    func againstStandardLibrary(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let alphabet: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xE1, 0xED, 0xF0, 0xF1, 0xF4,
        ]
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...9, using: &random)
            let bytes = (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
            let chunks = Chunkings.random(of: count, using: &random)
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(read(bytes, chunks: chunks).isWhole == expected, "\(bytes)")
        }
    }
}
