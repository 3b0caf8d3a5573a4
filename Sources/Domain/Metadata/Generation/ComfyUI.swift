/// Pictures of ComfyUI: a graph of nodes under `prompt`, as the server ran it, or `workflow`, as the page shows it.
///
/// PNG has them as entries; WebP and JPEG in texts of EXIF's first directory that start with `prompt:` or `workflow:`.
enum ComfyUI {
    private static let source = "ComfyUI"

    static func read(_ texts: GenerationTexts) -> GenerationInfo? {
        let prompt = graph(texts.metadata, "prompt", "prompt:")
        let workflow = graph(texts.metadata, "workflow", "workflow:")
        guard prompt != nil || workflow != nil else { return alone(texts) }
        // A node that writes the form of Stable Diffusion web UI knows better than the graph.
        if let text = texts.prose { return GenerationInfo(GenerationText.marked(text, source: source)) }
        if texts.objects.contains(where: { $0.containsLowered("sui_image_params") }) { return nil }
        if let graph = prompt.flatMap(ComfyGraph.init(prompt:)) { return info(graph) }
        return workflow.flatMap(ComfyGraph.init(workflow:)).map(info)
    }

    /// A graph in the form of `prompt` that stands where other programs put their text.
    private static func alone(_ texts: GenerationTexts) -> GenerationInfo? {
        for text in texts.objects where text.containsLowered("class_type") {
            if let graph = ComfyGraph(prompt: text) { return info(graph) }
        }
        return nil
    }

    /// The text of a graph that stands under a name, or in EXIF after `prefix`.
    private static func graph(_ metadata: EmbeddedMetadata, _ key: String, _ prefix: StaticString) -> String? {
        if let text = metadata.text(key), GenerationJSON.isObject(text) { return text }
        for field in metadata.exif where field.directory == .image {
            guard case .text(let text) = field.value else { continue }
            let graph: String? = text.reading { view in
                guard view.hasLowered(prefix, view.range) else { return nil }
                return view.text(prefix.utf8CodeUnitCount..<view.bytes.count)
            }
            if let graph, GenerationJSON.isObject(graph) { return graph }
        }
        return nil
    }

    /// What the graph says; its text has the parameters of the contract, its meta those that the walk found besides.
    static func info(_ graph: ComfyGraph) -> GenerationInfo {
        var walk = ComfyWalk(graph)
        let found = walk.generation()
        var info = GenerationInfo()
        info.source = source
        info.positive = found.positive.trimmedLines
        info.negative = found.negative.trimmedLines
        info.meta.set("Steps", found.steps)
        info.meta.set("Sampler", found.sampler)
        info.meta.set("Model", found.model)
        let isEmpty = found.positive.isEmpty && found.negative.isEmpty && info.meta.entries.isEmpty
        info.meta.set("Source Identifier", source)
        if !isEmpty {
            info.text = GenerationText.write(positive: found.positive, negative: found.negative, meta: info.meta)
        }
        info.meta.set("Schedule type", found.scheduler)
        info.meta.set("CFG scale", found.scale)
        info.meta.set("Seed", found.seed)
        for lora in found.loras { info.addLoRA(lora) }
        return info
    }
}
