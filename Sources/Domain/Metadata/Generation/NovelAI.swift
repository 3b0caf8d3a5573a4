/// Pictures of NovelAI: `Software` names it, `Comment` is JSON, `Source` names the model.
enum NovelAI {
    private static let software = 305

    static func read(_ texts: GenerationTexts) -> GenerationInfo? {
        let metadata = texts.metadata
        if metadata.text("Software") == "NovelAI", let comment = metadata.text("Comment") {
            return info(comment, model: metadata.text("Source"), prompt: metadata.text("Description"))
        }
        // WebP: the entries of a PNG as one object in UserComment.
        for text in texts.objects where text.containsLowered("novelai") || isSoftware(metadata) {
            if let info = read(hidden: text) { return info }
        }
        return nil
    }

    /// The object that NovelAI hides in the alpha channel: the entries of its PNG.
    static func read(hidden text: String) -> GenerationInfo? {
        guard let object = GenerationJSON.object(text), object["Software"]?.string == "NovelAI",
            let comment = object["Comment"]
        else { return nil }
        let model = object["Source"]?.string
        let prompt = object["Description"]?.string
        if let text = comment.string { return info(text, model: model, prompt: prompt) }
        return info(comment, model: model, prompt: prompt)
    }

    private static func isSoftware(_ metadata: EmbeddedMetadata) -> Bool {
        metadata.exif(software) == .text("NovelAI")
    }

    private static func info(_ comment: String, model: String?, prompt: String?) -> GenerationInfo? {
        GenerationJSON.object(comment).flatMap { info($0, model: model, prompt: prompt) }
    }

    private static func info(_ comment: JSON, model: String?, prompt: String?) -> GenerationInfo? {
        var draft = GenerationDraft(source: "NovelAI")
        draft.positive = caption(comment["prompt"]?.string ?? prompt ?? "", comment["v4_prompt"])
        draft.negative = caption(comment["uc"]?.string ?? "", comment["v4_negative_prompt"])
        draft.steps = comment["steps"]?.scalarText
        draft.sampler = comment["sampler"]?.scalarText
        draft.schedule = comment["noise_schedule"]?.scalarText
        draft.scale = comment["scale"]?.scalarText
        draft.seed = comment["seed"]?.scalarText
        draft.setSize(comment["width"]?.scalarText, comment["height"]?.scalarText)
        draft.model = model
        draft.others.set("Denoising strength", comment["strength"]?.scalarText)
        return draft.info
    }

    /// The prompt and, since version 4, those of the characters in it.
    private static func caption(_ prompt: String, _ structured: JSON?) -> String {
        guard let structured = structured?["caption"] else { return prompt }
        var parts = [prompt.isEmpty ? structured["base_caption"]?.string ?? "" : prompt]
        for character in (structured["char_captions"]?.array ?? []).prefix(32) {
            guard let text = character["char_caption"]?.string, !text.isEmpty else { continue }
            // The plain prompt may hold them already.
            if !parts[0].contains(text) { parts.append(text) }
        }
        return parts.filter { !$0.isEmpty }.joined(separator: ",\n")
    }
}
