import Testing

@testable import Domain

struct GGUFMetadataTests {
    private func texts(_ bytes: [UInt8], _ wanted: Set<String> = ["a", "b", "z"]) -> [String: String]? {
        bytes.withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            return GGUFMetadata.texts(&source, wanted)
        }
    }

    @Test("Texts are read among values of all kinds", arguments: [1, 2, 3] as [UInt32], [false, true])
    func kinds(version: UInt32, isBigEndian: Bool) {
        let bytes = ModelFileSample.gguf(
            version: version,
            isBigEndian: isBigEndian,
            [
                ("a", .text("first é")), ("n", .uint32(7)), ("f", .flag(true)), ("d", .float64(0.5)),
                ("list", .numbers([1, 2, 3])), ("names", .texts(["x", "yz"])), ("other", .text("no")),
                ("b", .texts(["one", "two"])), ("z", .text("last")),
            ]
        )
        #expect(texts(bytes) == ["a": "first é", "b": "one, two", "z": "last"])
    }

    @Test("Wanted keys whose values are no texts have none")
    func otherValues() {
        let bytes = ModelFileSample.gguf([("a", .uint32(1)), ("b", .numbers([1])), ("z", .text("last"))])
        #expect(texts(bytes) == ["z": "last"])
    }

    @Test("Reading ends at a vocabulary, at lists of lists, and at what is cut off")
    func ends() {
        let long = (0..<2000).map { "w\($0)" }
        for value: (String, ModelFileSample.Value) in [
            ("tokenizer.ggml.model", .text("x")), ("words", .texts(long)), ("lists", .lists([[1], [2]])),
        ] {
            #expect(texts(ModelFileSample.gguf([("a", .text("1")), value, ("b", .text("2"))])) == ["a": "1"])
        }
        #expect(texts(ModelFileSample.gguf(count: 1 << 40, [("a", .text("1"))])) == ["a": "1"])
    }

    @Test("Lengths that lie end the reading")
    func lies() {
        let bytes = ModelFileSample.gguf([("a", .text("1")), ("b", .text("22222222"))])
        #expect(texts(bytes) == ["a": "1", "b": "22222222"])
        // The high bytes of the last text's length.
        for place in (bytes.count - 16 + 1)..<(bytes.count - 8) {
            for value: UInt8 in [1, 0x7F, 0x80, 0xFF] {
                var bytes = bytes
                bytes[place] = value
                #expect(texts(bytes) == ["a": "1"], "\(place)")
            }
        }
        // A list that would be longer than any file.
        let list = ModelFileSample.gguf([("n", .numbers([1])), ("a", .text("1"))])
        for place in (24 + 8 + 1 + 4 + 4)..<(24 + 8 + 1 + 4 + 4 + 8) {
            var bytes = list
            bytes[place] = 0x7F
            #expect(texts(bytes) == [:], "\(place)")
        }
    }

    @Test("What begins otherwise, or has another version, is none")
    func none() {
        #expect(texts([]) == nil && texts(Array("GGUF".utf8)) == nil)
        #expect(texts(ModelFileSample.gguf(version: 4, [("a", .text("1"))])) == nil)
        #expect(texts(ModelFileSample.gguf(version: 0, [("a", .text("1"))])) == nil)
        #expect(texts(Array("GGML".utf8) + [3, 0, 0, 0] + [UInt8](repeating: 0, count: 16)) == nil)
        #expect(texts(Array("GGUF".utf8) + [3, 0, 0, 0]) == [:])
    }

    @Test("A long text is cut off, and reading goes on behind it")
    func longText() throws {
        let text = String(repeating: "x", count: GGUFMetadata.textLimit + 100)
        let found = try #require(texts(ModelFileSample.gguf([("a", .text(text)), ("b", .text("2"))])))
        #expect(found["a"]?.utf8.count == GGUFMetadata.textLimit && found["b"] == "2")
    }
}
