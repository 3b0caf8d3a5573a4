/// What a program other than Stable Diffusion web UI says of a picture, on its way to a ``GenerationInfo``.
struct GenerationDraft {
    var source: String
    var positive = ""
    var negative = ""
    var steps: String?
    var sampler: String?
    var schedule: String?
    var scale: String?
    var seed: String?
    var size: String?
    var model: String?
    /// Name and weight, the weight as text.
    var loras: [(name: String, weight: String)] = []
    /// Further parameters, written before the source.
    var others = GenerationMeta()

    init(source: String) { self.source = source }

    /// Sets the size when both sides are known.
    mutating func setSize(_ width: String?, _ height: String?) {
        if let width, let height { size = "\(width)x\(height)" }
    }

    /// The info, its text in the form of Stable Diffusion web UI.
    var info: GenerationInfo {
        var info = GenerationInfo()
        info.source = source
        info.positive = positive.trimmedLines
        info.negative = negative.trimmedLines
        info.meta.set("Steps", steps)
        info.meta.set("Sampler", sampler)
        info.meta.set("Schedule type", schedule)
        info.meta.set("CFG scale", scale)
        info.meta.set("Seed", seed)
        info.meta.set("Size", size)
        info.meta.set("Model", model)
        let listed = loras.prefix(LoRAName.limit).map { (name: Self.listName($0.name), weight: $0.weight) }
        if !listed.isEmpty {
            info.meta.set("Lora weights", listed.map { "\($0.name): \($0.weight)" }.joined(separator: ", "))
        }
        for entry in others.entries where info.meta[entry.key] == nil { info.meta.set(entry.key, entry.value) }
        info.meta.set("Source Identifier", source)
        info.text = GenerationText.write(positive: info.positive, negative: info.negative, meta: info.meta)
        for lora in listed { info.addLoRA(lora.name) }
        return info
    }

    /// A LoRA's name without folder and suffix, and without the comma that would end it in a list.
    private static func listName(_ file: String) -> String {
        LoRAName.name(file).split(separator: ",").joined(separator: " ").trimmedBlanks
    }
}
