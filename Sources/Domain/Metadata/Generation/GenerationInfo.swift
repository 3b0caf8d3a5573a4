/// How a picture was generated, as far as it says so itself.
package struct GenerationInfo: Hashable, Sendable {
    /// The text that the index keeps (contracts/iib.md §3); empty when there is none.
    package var text = ""
    /// The program that wrote it, such as `ComfyUI`; empty when the text does not say.
    package var source = ""
    package var positive = ""
    package var negative = ""
    /// The parameters, the source among them; may hold some that the text leaves out.
    package var meta = GenerationMeta()
    /// Names of LoRAs and LyCORIS that are not in the prompt but in a list or a graph, without folder and suffix.
    package var loras: [String] = []
    package var lycos: [String] = []

    package init() {}

    /// The info of a text in the form of Stable Diffusion web UI, such as one that a user has edited.
    package init(_ text: String) {
        let parameters = GenerationParameters(text)
        self.text = text
        positive = parameters.positive
        negative = parameters.negative
        meta = parameters.meta
        source = meta["Source Identifier"] ?? ""
        for key in ["Lora hashes", "Lora weights"] {
            for name in LoRAName.list(meta[key] ?? "") { addLoRA(name) }
        }
    }

    /// The name of the model; `nil` when it is not said.
    package var model: String? { meta["Model"].flatMap { $0.isEmpty ? nil : $0 } }

    /// The seed; `nil` when it is not said, is below 0 (a random one) or has more than 64 bits.
    package var seed: UInt64? { meta["Seed"].flatMap { UInt64($0) } }

    /// Adds a LoRA of a list, unless it is there already in any case.
    mutating func addLoRA(_ file: String) {
        let name = LoRAName.name(file)
        guard !name.isEmpty, loras.count < LoRAName.limit else { return }
        let folded = name.lowercased()
        if !loras.contains(where: { $0.lowercased() == folded }) { loras.append(name) }
    }

    /// Reads what a file says; the first program that recognises its own wins (contracts/iib.md §3).
    ///
    /// `sidecar` is the text of the file beside it; for videos and sounds it is all there is. `log` gives what a page of
    /// Fooocus says of the picture, and is asked only when there is no text. `alpha` gives the pixels and is asked only
    /// when `options` want hidden texts and nothing else was found. Nothing here fails: what cannot be read is as if it
    /// were not there.
    package static func read(
        _ metadata: EmbeddedMetadata,
        sidecar: String?,
        kind: MediaKind,
        options: GenerationOptions = GenerationOptions(),
        alpha: () -> Pixmap? = { nil },
        log: () -> JSON? = { nil }
    ) -> GenerationInfo {
        guard kind == .image else { return sidecar.map { GenerationInfo($0) } ?? GenerationInfo() }
        let texts = GenerationTexts(metadata)
        if let info = recognised(texts) { return info }
        if options.readsHiddenText, metadata.type == .png || metadata.type == .webp,
            let pixels = alpha(), let info = HiddenText.read(pixels).flatMap(hidden)
        {
            return info
        }
        if texts.plain == nil, let text = texts.note { return alone(text, source: "Stable Diffusion web UI") }
        guard let text = texts.plain ?? sidecar, !text.utf8.allSatisfy(TextBytes.isBlank) else {
            return log().flatMap(Fooocus.info) ?? GenerationInfo()
        }
        return GenerationInfo(GenerationText.marked(text, source: "Stable Diffusion web UI"))
    }

    private static func recognised(_ texts: GenerationTexts) -> GenerationInfo? {
        ComfyUI.read(texts) ?? Fooocus.read(texts) ?? NovelAI.read(texts) ?? InvokeAI.read(texts)
            ?? StableSwarmUI.read(texts) ?? DrawThings.read(texts)
    }

    /// A text that is all that there is: the JSON of a program, or the form of Stable Diffusion web UI.
    private static func alone(_ text: String, source: String) -> GenerationInfo {
        recognised(GenerationTexts(parameters: text)) ?? GenerationInfo(GenerationText.marked(text, source: source))
    }

    /// A hidden text: the JSON of a program that hides its own, or the form of Stable Diffusion web UI.
    private static func hidden(_ text: String) -> GenerationInfo? {
        guard !text.utf8.allSatisfy(TextBytes.isBlank) else { return nil }
        if let info = NovelAI.read(hidden: text) { return info }
        return alone(text, source: "Stable Diffusion web UI(Stealth)")
    }
}
