import Testing

@testable import Domain

struct SafetensorsMetadataTests {
    private func texts(_ bytes: [UInt8], _ wanted: Set<String> = ["a", "b", "c"]) -> [String: String]? {
        bytes.withUnsafeBytes { bytes in
            var source = ByteSource(bytes)
            return SafetensorsMetadata.texts(&source, wanted)
        }
    }

    @Test("Wanted texts are read, with what is escaped in them; others are not")
    func wanted() {
        let bytes = ModelFileSample.safetensors([("a", "1\"\\\n\u{1F600}é"), ("x", "2"), ("b", "")])
        #expect(texts(bytes) == ["a": "1\"\\\n\u{1F600}é", "b": ""])
    }

    @Test(
        "The texts are found wherever they stand in the header",
        arguments: [
            #"{"__metadata__":{"a":"1"}}"#,
            #" {"t":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"__metadata__":{"a":"1"}}"#,
            "{ \"t\" : { \"shape\" : [ 1 , 2 ] } ,\n \"__metadata__\" \t: { \"a\" : \"1\" } , \"u\" : {} }",
            #"{"x\"__metadata__":{"a":"2"},"__metadata__":{"a":"1"}}"#,
            #"{"__METADATA__":{"a":"2"},"__metadata__":{"a":"1"}}"#,
            #"{"t":"__metadata__","u":"\"__metadata__\":{}","__metadata__":{"a":"1"}}"#,
        ]
    )
    func place(_ header: String) {
        // The header of the format begins with its brace; blanks before it make it none.
        let header = String(header.drop { $0 == " " })
        #expect(texts(ModelFileSample.safetensors(header: header)) == ["a": "1"])
    }

    @Test("Values that are no texts are left out; of a repeated name the last counts")
    func oddValues() {
        let header = #"{"__metadata__":{"a":1,"b":{"c":"x","a":["}",{}]},"c":"1","c":"2","a":null}}"#
        #expect(texts(ModelFileSample.safetensors(header: header)) == ["c": "2"])
    }

    @Test(
        "A header without texts has none",
        arguments: [#"{"t":{"dtype":"F16"}}"#, "{}", #"{"__metadata__":"text"}"#, #"{"__metadata__":[{"a":"1"}]}"#]
    )
    func noTexts(_ header: String) {
        #expect(texts(ModelFileSample.safetensors(header: header)) == [:])
    }

    @Test("A header that is cut off or broken gives what stands before that")
    func broken() {
        for rest in ["", "\"b\"", "\"b\":", "\"b\":\"", "\"b\":\"x", "\"b\":nul", "\"b\":[", "}{", ":", "\"b\" \"x\""] {
            let header = "{\"__metadata__\":{\"a\":\"1\",\(rest)"
            #expect(texts(ModelFileSample.safetensors(header: header)) == ["a": "1"], "\(rest)")
        }
        // Not UTF-8, and an escape that there is not.
        for text in ["\u{FF}", #"\x"#] {
            var bytes = ModelFileSample.safetensors(header: "{\"__metadata__\":{\"a\":\"\(text)\",\"b\":\"2\"}}")
            if let place = bytes.firstIndex(of: 0xC3) { bytes[place] = 0xFF }
            #expect(texts(bytes) == ["b": "2"])
        }
    }

    @Test("What begins otherwise, or is longer than its file, is none")
    func none() {
        #expect(texts([]) == nil && texts([0, 0, 0, 0, 0, 0, 0, 0]) == nil)
        #expect(texts([UInt8](repeating: 0, count: 100_000)) == nil)
        #expect(texts(ModelFileSample.safetensors(header: "[\"__metadata__\"]")) == nil)
        var bytes = ModelFileSample.safetensors([("a", "1")])
        #expect(texts(bytes) != nil)
        bytes[3] = 1
        #expect(texts(bytes) == nil)
        for place in 0..<8 { bytes[place] = 0xFF }
        #expect(texts(bytes) == nil)
    }

    @Test("Long headers are looked at in steps, and found texts are the same at each")
    func steps() {
        for length in [100, 16_300, 16_400, 70_000, 131_000, 132_000, 600_000] {
            let filler = String(repeating: "x", count: length)
            let last = ModelFileSample.safetensors([("x", filler), ("a", "1")])
            #expect(texts(last) == ["a": "1"], "\(length)")
            let tensors = "{\"t\":{\"name\":\"\(filler)\"},\"__metadata__\":{\"a\":\"1\"}}"
            #expect(texts(ModelFileSample.safetensors(header: tensors)) == ["a": "1"], "\(length)")
        }
    }

    @Test("A long text is cut off at a whole character")
    func longText() throws {
        for filler in ["x", "é", "\u{1F600}", "\\n\\u00e9", "\\\\\\\""] {
            let text = String(repeating: filler, count: SafetensorsMetadata.textLimit)
            let header = "{\"__metadata__\":{\"a\":\"\(text)\",\"b\":\"2\"}}"
            let found = try #require(texts(ModelFileSample.safetensors(header: header)))
            let whole = try #require(try JSONParser.parse("\"\(text)\"").string)
            let part = try #require(found["a"])
            #expect(found["b"] == "2")
            #expect(whole.hasPrefix(part) && !part.isEmpty, "\(filler)")
            #expect(JSON.string(part).encoded.count <= SafetensorsMetadata.textLimit + 8)
            #expect(JSON.string(part).encoded.count >= SafetensorsMetadata.textLimit / 6)
        }
    }
}
