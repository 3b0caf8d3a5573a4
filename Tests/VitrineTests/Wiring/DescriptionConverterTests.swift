import Domain
import Foundation
import OrderedCollections
import Testing
import Yams

@testable import vitrine

@Suite struct DescriptionConverterTests {
    private func json(_ yaml: String) throws -> String {
        String(decoding: try DescriptionConverter.json(Array(yaml.utf8)), as: UTF8.self)
    }

    @Test(
        "every kind of value keeps its kind and its place",
        arguments: [
            ("b: 1\na: two", #"{"b":1,"a":"two"}"#), ("\"1\": '2'", #"{"1":"2"}"#),
            ("a: [true, false, ~, null]", #"{"a":[true,false,null,null]}"#),
            ("a: 1.5", #"{"a":1.5}"#), ("a: |\n  x\n  y\n", #"{"a":"x\ny\n"}"#), ("- \"null\"\n- {}", #"["null",{}]"#),
            ("a: &x {b: 1}\nc: *x", #"{"a":{"b":1},"c":{"b":1}}"#),
        ]
    )
    func values(yaml: String, wanted: String) throws {
        #expect(try json(yaml) == wanted)
    }

    @Test("what is no YAML, or nothing, is refused", arguments: ["a: [", "", "\t- x: y: z", "[1]: 2"])
    func bad(yaml: String) {
        #expect(throws: (any Error).self) { try json(yaml) }
    }

    @Test("every description of ours becomes JSON that says the same")
    func descriptions() throws {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path + "/seeds/native.openapi.yaml") {
            folder.deleteLastPathComponent()
        }
        for name in ["native", "vframe", "iib"] {
            let text = try String(contentsOfFile: "\(folder.path)/seeds/\(name).openapi.yaml", encoding: .utf8)
            let value = try JSONParser.parse(try DescriptionConverter.json(Array(text.utf8)))
            #expect(value["openapi"] == "3.1.0")
            let paths = try #require(try Yams.compose(yaml: text)?["paths"]?.mapping)
            #expect(value["paths"]?.object.map { Array($0.keys) } == paths.keys.compactMap(\.string))
        }
    }
}
