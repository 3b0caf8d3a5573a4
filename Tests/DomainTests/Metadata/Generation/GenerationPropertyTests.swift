import Testing

@testable import Domain

@Suite struct GenerationPropertyTests {
    private static let pieces = [
        "a", "cat", ", ", ":", "\n", "Steps: 20", "Sampler: x", "Seed: 1", "Negative prompt:", "\"", "\\", "{", "}",
        "[",
        "]", "<lora:", ">", "BREAK", "，", "é", "猫", " ", "\t", "\r", "Source Identifier: y", "Size: 1x2", "_", "-",
        "\u{0}",
        "Lora hashes: ", "NaN", "\u{FEFF}", "🐈",
    ]

    private static func text(_ random: inout TaskRandom, _ count: Int, from pieces: [String] = pieces) -> String {
        (0..<Int.random(in: 0...count, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    @Test("Any text is read, and reading it again finds the same")
    func anyTextIsReadAndReadingIt() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = TaskRandom(seed: seed)
        for _ in 0..<3_000 {
            let text = Self.text(&random, 40)
            let info = Pictures.read(Pictures.png([("parameters", text)]))
            let again = GenerationInfo(info.text)
            #expect(
                again.positive == info.positive && again.meta == info.meta,
                "seed \(seed): \(text.debugDescription)"
            )
            let tags = AutoTags.tags(for: info, kind: .image, width: 1, height: 1, rules: [])
            #expect(Set(tags).count == tags.count, "seed \(seed): \(text.debugDescription)")
            #expect(tags.allSatisfy { AutoTags.accepts($0.name) }, "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test("What is written is read back")
    func whatIsWrittenIsReadBack() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = TaskRandom(seed: seed)
        for _ in 0..<3_000 {
            var draft = GenerationDraft(source: "InvokeAI")
            draft.positive = Self.text(&random, 20).replacing("Negative prompt:", with: "Negative:")
            draft.negative = Self.text(&random, 20)
            if Bool.random(using: &random) { draft.steps = String(Int.random(in: 0...100, using: &random)) }
            if Bool.random(using: &random) { draft.sampler = Self.text(&random, 4) }
            if Bool.random(using: &random) { draft.model = Self.text(&random, 6) }
            if Bool.random(using: &random) { draft.size = "512x768" }
            if Bool.random(using: &random) { draft.others.set("Version", Self.text(&random, 5)) }
            let names = ["ink", "a b", "x: y", "é_ü", "p.q"]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                draft.loras.append((names.randomElement(using: &random) ?? "", "0.5"))
            }
            let info = draft.info
            let again = GenerationInfo(info.text)
            #expect(again == info, "seed \(seed): \(info.text.debugDescription)")
        }
    }

    @Test("Graphs cut anywhere or with bytes changed do no harm")
    func graphsCutAnywhereOrWithBytesChanged() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = TaskRandom(seed: seed)
        for graph in [ComfyGraphs.plain, ComfyGraphs.flux, ComfyGraphs.twoPasses, ComfyGraphs.workflow] {
            for key in ["prompt", "workflow"] {
                for _ in 0..<100 {
                    var bytes = Array(graph.utf8)
                    if Bool.random(using: &random) {
                        bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                    }
                    for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                            in: 0x20...0x7E,
                            using: &random
                        )
                    }
                    let info = Pictures.read(Pictures.png([(key, String(decoding: bytes, as: UTF8.self))]))
                    #expect(info.source == "ComfyUI" || info == GenerationInfo(), "seed \(seed)")
                }
            }
        }
    }

    @Test("Links at random end")
    func linksAtRandomEnd() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = TaskRandom(seed: seed)
        let types = [
            "KSampler", "SaveImage", "CLIPTextEncode", "ConditioningCombine", "Reroute", "LoraLoader",
            "Text Concatenate",
            "CheckpointLoaderSimple", "SamplerCustomAdvanced",
        ]
        let names = [
            "model", "positive", "negative", "conditioning_1", "text", "text_b", "latent_image", "samples", "steps",
            "seed",
            "lora_name", "lora_stack", "ckpt_name", "guider", "sigmas",
        ]
        for _ in 0..<200 {
            var nodes: [String] = []
            for id in 0..<30 {
                let inputs = names.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map { name in
                    let value =
                        Bool.random(using: &random)
                        ? "[\"\(Int.random(in: 0..<32, using: &random))\", 0]" : "\"v\(id)\""
                    return "\"\(name)\": \(value)"
                }
                let type = types.randomElement(using: &random) ?? ""
                nodes.append(
                    "\"\(id)\": {\"class_type\": \"\(type)\", \"inputs\": {\(inputs.joined(separator: ", "))}}"
                )
            }
            let info = Pictures.read(Pictures.png([("prompt", "{\(nodes.joined(separator: ","))}")]))
            #expect(info.source == "ComfyUI", "seed \(seed)")
        }
    }
}
