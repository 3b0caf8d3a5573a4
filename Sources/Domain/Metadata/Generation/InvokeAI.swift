/// Pictures of InvokeAI: `invokeai_metadata` since version 3, `sd-metadata` before, `Dream` in the beginning.
///
/// A picture of a workflow may have `invokeai_graph` alone.
enum InvokeAI {
    private static let source = "InvokeAI"

    static func read(_ texts: GenerationTexts) -> GenerationInfo? {
        let metadata = texts.metadata
        if let object = metadata.text("invokeai_metadata").flatMap(GenerationJSON.object) { return current(object) }
        if let graph = metadata.text("invokeai_graph").flatMap(GenerationJSON.object),
            let object = self.metadata(ofGraph: graph)
        {
            return current(object)
        }
        if let object = metadata.text("sd-metadata").flatMap(GenerationJSON.object), let info = former(object) {
            return info
        }
        return metadata.text("Dream").flatMap(dream)
    }

    private static func current(_ object: JSON) -> GenerationInfo {
        var draft = GenerationDraft(source: source)
        draft.positive = object["positive_prompt"]?.string ?? ""
        draft.negative = object["negative_prompt"]?.string ?? ""
        draft.steps = object["steps"]?.scalarText
        draft.sampler = object["scheduler"]?.scalarText
        draft.scale = object["cfg_scale"]?.scalarText
        draft.seed = object["seed"]?.scalarText
        draft.setSize(object["width"]?.scalarText, object["height"]?.scalarText)
        draft.model = object["model"].flatMap(name)
        for lora in (object["loras"]?.array ?? []).prefix(LoRAName.limit) {
            guard let name = (lora["model"] ?? lora["lora"]).flatMap(name) else { continue }
            draft.loras.append((name, lora["weight"]?.scalarText ?? "1"))
        }
        draft.others.set("Denoising strength", object["strength"]?.scalarText)
        draft.others.set("Version", object["app_version"]?.scalarText)
        return draft.info
    }

    /// The name of a model: `name` since version 4, `model_name` before, or the model itself.
    private static func name(_ model: JSON) -> String? {
        model["name"]?.scalarText ?? model["model_name"]?.scalarText ?? model["key"]?.scalarText ?? model.scalarText
    }

    private static func former(_ object: JSON) -> GenerationInfo? {
        guard let image = object["image"] else { return nil }
        var draft = GenerationDraft(source: source)
        let parts = image["prompt"]?.array?.prefix(256).compactMap { $0["prompt"]?.string ?? $0.string }
        (draft.positive, draft.negative) = split(parts?.joined(separator: " ") ?? image["prompt"]?.string ?? "")
        draft.steps = image["steps"]?.scalarText
        draft.sampler = image["sampler"]?.scalarText
        draft.scale = image["cfg_scale"]?.scalarText
        draft.seed = image["seed"]?.scalarText
        draft.setSize(image["width"]?.scalarText, image["height"]?.scalarText)
        draft.model = object["model_weights"]?.scalarText ?? object["model"]?.scalarText
        draft.others.set("Version", object["app_version"]?.scalarText)
        return draft.info
    }

    /// A command line: `"a cat [dog]" -s 50 -S 42 -W 512 -H 768 -C 7.5 -A k_lms`.
    private static func dream(_ text: String) -> GenerationInfo? {
        text.reading { view in
            let whole = view.trimmed(view.range)
            guard whole.count >= 2, view[whole.lowerBound] == UInt8(ascii: "\""),
                let end = view.lastOccurrence(of: "\"", whole.lowerBound + 1..<whole.upperBound)
            else { return nil }
            var draft = GenerationDraft(source: source)
            (draft.positive, draft.negative) = split(view.text(whole.lowerBound + 1..<end))
            let words = view.text(end + 1..<whole.upperBound).split(separator: " ", maxSplits: 64)
            var options: [Character: String] = [:]
            var index = 0
            while index < words.count {
                if words[index].utf8.first == UInt8(ascii: "-"), let letter = words[index].dropFirst().first {
                    // The value stands in the same word or in the next.
                    let value = words[index].dropFirst(2)
                    if !value.isEmpty {
                        options[letter] = String(value)
                    } else if index + 1 < words.count {
                        index += 1
                        options[letter] = String(words[index])
                    }
                }
                index += 1
            }
            draft.steps = options["s"]
            draft.seed = options["S"]
            draft.scale = options["C"]
            draft.sampler = options["A"]
            draft.setSize(options["W"], options["H"])
            return draft.info
        }
    }

    /// Takes what stands in brackets out of a prompt: it is the negative one.
    private static func split(_ prompt: String) -> (positive: String, negative: String) {
        guard prompt.utf8.contains(UInt8(ascii: "[")) else { return (prompt, "") }
        var (positive, negative): ([UInt8], [UInt8]) = ([], [])
        var rest = Array(prompt.utf8)[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "[")),
            let close = rest[open...].firstIndex(of: UInt8(ascii: "]"))
        {
            positive += rest[..<open]
            if !negative.isEmpty { negative += ", ".utf8 }
            negative += rest[(open + 1)..<close]
            rest = rest[(close + 1)...]
        }
        positive += rest
        return (String(decoding: positive, as: UTF8.self), String(decoding: negative, as: UTF8.self))
    }
}
