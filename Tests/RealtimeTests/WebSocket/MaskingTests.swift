import Realtime
import Testing

struct MaskingTests {
    private func apply(_ key: UInt32, _ bytes: [UInt8]) -> (bytes: [UInt8], isASCII: Bool) {
        var target = [UInt8](repeating: 0xEE, count: bytes.count + 1)
        var isASCII = false
        bytes.withUnsafeBytes { source in
            target.withUnsafeMutableBytes { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                isASCII = Masking.apply(key, from: from, to: to, count: bytes.count)
            }
        }
        #expect(target.last == 0xEE, "wrote past the end")
        return (Array(target.dropLast()), isASCII)
    }

    @Test("Unmasking gives what the naive loop gives, for every length and key")
    func naive() {
        var random = SeededGenerator(seed: 42)
        for count in Array(1...200) + [1000, 4096, 65_537] {
            let key = random.bytes(4)
            let bytes = random.bytes(count)
            let word = UInt32(key[0]) | UInt32(key[1]) << 8 | UInt32(key[2]) << 16 | UInt32(key[3]) << 24
            let expected = bytes.enumerated().map { $1 ^ key[$0 % 4] }
            #expect(apply(word, bytes).bytes == expected, "count \(count)")
        }
    }

    @Test("A single byte above 127 is noticed wherever it is")
    func ascii() {
        for count in [1, 3, 7, 8, 9, 15, 63, 64, 65, 130, 200] {
            let plain = (0..<count).map { UInt8($0 % 128) }
            let key: UInt32 = 0xA5C3_7F81
            let masked = apply(key, plain).bytes
            #expect(apply(key, masked).isASCII)
            for position in 0..<count {
                var bytes = plain
                bytes[position] |= 0x80
                #expect(!apply(key, apply(key, bytes).bytes).isASCII, "count \(count), position \(position)")
            }
        }
    }

    @Test("The key moves along with the payload over any split")
    func phase() {
        var random = SeededGenerator(seed: 7)
        let bytes = random.bytes(300)
        let key: UInt32 = 0x0403_0201
        let whole = apply(key, bytes).bytes
        for split in 1..<bytes.count {
            let first = apply(key, Array(bytes[..<split])).bytes
            let second = apply(Masking.advance(key, by: split), Array(bytes[split...])).bytes
            #expect(first + second == whole, "split \(split)")
        }
    }
}
