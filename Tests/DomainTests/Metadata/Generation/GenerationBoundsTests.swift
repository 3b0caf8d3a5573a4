import OrderedCollections
import Testing

@testable import Domain

/// The worst that a picture can say; generous times, since the tests are not optimised.
@Suite(.serialized) struct GenerationBoundsTests {
    private func expectQuick(_ limit: Duration = .seconds(60), _ body: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        let start = clock.now
        try body()
        #expect(clock.now - start < limit)
    }

    private func read(_ prompt: String) -> GenerationInfo { Pictures.read(Pictures.png([("prompt", prompt)])) }

    @Test(
        "A megabyte of anything is read in little time",
        arguments: [
            "a, ", "(", "<lora:", "\"", "Steps: 1, ", "\n", "Steps: 1\n", ":", "BREAK ", "x", "，", "{\"",
            "\n Negative prompt:",
        ]
    )
    func aMegabyteOfAnythingIsReadIn(piece: String) {
        let text = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
        expectQuick {
            let info = Pictures.read(Pictures.png([("parameters", text)]))
            let tags = AutoTags.tags(for: info, kind: .image, width: 1, height: 1, rules: [])
            #expect(tags.count <= PromptTags.limit + 2 * LoRAName.limit + 16)
            #expect(info.meta.entries.count <= GenerationMeta.limit)
        }
    }

    @Test("Deep JSON is refused without using up the stack")
    func deepJSONIsRefusedWithoutUsingUp() {
        let deep = "{\"1\":" + String(repeating: "[", count: 500_000)
        expectQuick { #expect(read(deep).source.isEmpty) }
        let closed = "{\"1\":" + String(repeating: "[", count: 500) + String(repeating: "]", count: 500) + "}"
        expectQuick { #expect(read(closed).source.isEmpty) }
    }

    @Test("A chain of sixty thousand nodes is walked as far as allowed")
    func aChainOfSixtyThousandNodes() {
        var nodes = [
            "\"s\": {\"class_type\": \"KSampler\", \"inputs\": {\"steps\": 4, \"positive\": [\"0\", 0], \"model\": [\"0\", 0]}}"
        ]
        for id in 0..<60_000 {
            nodes.append(
                "\"\(id)\": {\"class_type\": \"X\", \"inputs\": {\"conditioning\": [\"\(id + 1)\", 0], \"model\": [\"\(id + 1)\", 0]}}"
            )
        }
        let graph = "{" + nodes.joined(separator: ",") + "}"
        #expect(graph.utf8.count < GenerationJSON.lengthLimit)
        expectQuick { #expect(read(graph).meta["Steps"] == "4") }
    }

    @Test("Texts that double at every node are bounded")
    func textsThatDoubleAtEveryNodeAre() {
        var nodes = ["\"s\": {\"class_type\": \"KSampler\", \"inputs\": {\"positive\": [\"e\", 0]}}"]
        nodes.append("\"e\": {\"class_type\": \"CLIPTextEncode\", \"inputs\": {\"text\": [\"0\", 0]}}")
        for id in 0..<60 {
            nodes.append(
                "\"\(id)\": {\"class_type\": \"Text Concatenate\", \"inputs\": "
                    + "{\"text_a\": [\"\(id + 1)\", 0], \"text_b\": [\"\(id + 1)\", 0], \"text_c\": \"word\"}}"
            )
        }
        expectQuick { #expect(read("{" + nodes.joined(separator: ",") + "}").text.utf8.count < 8 << 20) }
    }

    @Test("A text longer than the bound is no graph")
    func aTextLongerThanTheBoundIs() {
        let long =
            "{\"1\": {\"class_type\": \"KSampler\", \"inputs\": {\"a\": \"" + String(repeating: "x", count: 9 << 20)
            + "\"}}}"
        #expect(GenerationJSON.object(long) == nil)
        #expect(read(long).source.isEmpty)
    }

    @Test("Thousands of rules and filters are bounded")
    func thousandsOfRulesAndFiltersAreBounded() {
        let filter: JSON = ["field": "pos_prompt", "operator": "contains", "value": "a"]
        let rule: JSON = ["tag": "T", "filters": [filter]]
        #expect(AutoTagRule.rules(.array(Array(repeating: rule, count: 5_000))) { _ in nil }.count == AutoTagRule.limit)
        let wide: JSON = ["tag": "T", "filters": .array(Array(repeating: filter, count: 5_000))]
        #expect(AutoTagRule.rules([wide]) { _ in nil }.isEmpty)
    }
}
