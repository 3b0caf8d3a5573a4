/// Pictures of Draw Things: an object, in XMP's `exif:UserComment`, whose prompts stand under `c` and `uc`.
enum DrawThings {
    static func read(_ texts: GenerationTexts) -> GenerationInfo? {
        for text in texts.objects where text.containsLowered("\"c\"") {
            guard let object = GenerationJSON.object(text), let prompt = object["c"]?.string,
                object["sampler"]?.string != nil, object["model"]?.string != nil
            else { continue }
            return info(object, prompt)
        }
        return nil
    }

    private static func info(_ object: JSON, _ prompt: String) -> GenerationInfo {
        var draft = GenerationDraft(source: "Draw Things")
        draft.positive = prompt
        draft.negative = object["uc"]?.string ?? ""
        draft.steps = object["steps"]?.scalarText
        draft.sampler = object["sampler"]?.scalarText
        draft.scale = object["scale"]?.scalarText
        draft.seed = object["seed"]?.scalarText
        draft.size = object["size"]?.scalarText
        draft.model = object["model"]?.scalarText
        for lora in (object["lora"]?.array ?? []).prefix(LoRAName.limit) {
            guard let name = lora["model"]?.string ?? lora["file"]?.string else { continue }
            draft.loras.append((name, lora["weight"]?.scalarText ?? "1"))
        }
        draft.others.set("Denoising strength", object["strength"]?.scalarText)
        return draft.info
    }
}
