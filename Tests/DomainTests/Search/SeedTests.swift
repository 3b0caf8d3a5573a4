import Testing

@testable import Domain

/// Seeds of 64 bits, as ComfyUI draws them.
struct SeedTests {
    private static let seeds: [UInt64] = [0, 7, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max - 1, .max]

    @Test("Each seed is found exactly, and ranges follow the order of the numbers")
    func search() throws {
        let index = try TestIndex()
        let ids = try index.add(
            Self.seeds.enumerated().map { TestIndex.Media(name: "\($0).png", date: 100 - $0, seed: $1) }
                + [TestIndex.Media(name: "none.png", date: 1)]
        )
        let searcher = MediaSearcher(store: index.store)
        func found(_ seeds: ClosedRange<UInt64>) throws -> [Int] {
            var query = MediaQuery()
            query.seeds = seeds
            return try index.pages(query, searcher).flatMap(\.self)
        }
        for (seed, id) in zip(Self.seeds, ids) { #expect(try found(seed...seed) == [id]) }
        #expect(try found(0 ... .max) == Array(ids.prefix(6)))
        #expect(try found(8...0x8000_0000_0000_0000) == Array(ids[2...3]))
        #expect(try found(0x8000_0000_0000_0001 ... .max) == Array(ids[4...5]))
        #expect(try found(1...6) == [])
    }

    @Test("The seed of a graph of ComfyUI reaches the index whole", arguments: seeds)
    func graph(seed: UInt64) throws {
        let graph = """
            {"3": {"class_type": "KSampler", "inputs": {"seed": \(seed), "steps": 20, "sampler_name": "euler",
            "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0]}},
            "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "m.safetensors"}},
            "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox", "clip": ["4", 1]}},
            "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}}}
            """
        let index = try IndexUnderTest()
        let bytes = TestPicture.png(
            4,
            1,
            depth: 8,
            colour: 0,
            rows: [0, 1, 2, 3, 4],
            chunks: [("tEXt", Array("prompt\0".utf8) + Array(graph.utf8))]
        )
        try index.write(bytes, "x.png")
        try index.scan()
        #expect(try index.column("seed", "x.png").map(Store.seed) == seed)
    }

    @Test("Integers of 64 bits without a sign stay exact from text to text")
    func exact() throws {
        for text in ["9223372036854775807", "9223372036854775808", "18446744073709551615"] {
            #expect(try JSONParser.parse(text).text == text)
            #expect(try JSONParser.parse(text).scalarText == text)
        }
        #expect(try JSONParser.parse("18446744073709551615").double == 0x1p64)
        #expect(try JSONParser.parse("18446744073709551615").int == nil)
    }
}
