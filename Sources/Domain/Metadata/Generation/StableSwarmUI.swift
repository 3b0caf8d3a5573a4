/// Pictures of SwarmUI (once StableSwarmUI): an object with `sui_image_params` under `parameters` or in UserComment.
enum StableSwarmUI {
    static func read(_ texts: GenerationTexts) -> GenerationInfo? {
        for text in texts.objects where text.containsLowered("sui_image_params") {
            if let object = GenerationJSON.object(text), let values = object["sui_image_params"] {
                return info(values)
            }
        }
        return nil
    }

    private static func info(_ values: JSON) -> GenerationInfo {
        var draft = GenerationDraft(source: "StableSwarmUI")
        draft.positive = values["prompt"]?.string ?? ""
        draft.negative = values["negativeprompt"]?.string ?? ""
        draft.steps = values["steps"]?.scalarText
        draft.sampler = values["sampler"]?.scalarText ?? values["comfyuisampler"]?.scalarText
        draft.schedule = values["scheduler"]?.scalarText ?? values["comfyuischeduler"]?.scalarText
        draft.scale = values["cfgscale"]?.scalarText
        draft.seed = values["seed"]?.scalarText
        draft.setSize(values["width"]?.scalarText, values["height"]?.scalarText)
        draft.model = values["model"]?.scalarText
        let names = list(values["loras"])
        let weights = list(values["loraweights"])
        for (index, name) in names.enumerated() {
            draft.loras.append((name, index < weights.count ? weights[index] : "1"))
        }
        draft.others.set("Version", values["swarm_version"]?.scalarText)
        return draft.info
    }

    /// A list that is an array, or one text with commas.
    private static func list(_ value: JSON?) -> [String] {
        if let array = value?.array { return array.prefix(LoRAName.limit).map { $0.scalarText ?? "" } }
        guard let text = value?.scalarText else { return [] }
        return text.split(separator: ",", maxSplits: LoRAName.limit).map { String($0).trimmedBlanks }
    }
}
