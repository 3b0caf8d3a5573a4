/// Pictures of Fooocus: JSON, or the form of Stable Diffusion web UI, whichever scheme was chosen there.
///
/// PNG names the scheme under `fooocus_scheme`; JPEG and WebP in EXIF's MakerNote, with the text in UserComment.
enum Fooocus {
    private static let source = "Fooocus"
    private static let makerNote = 37500

    static func read(_ texts: GenerationTexts) -> GenerationInfo? {
        for text in texts.objects {
            if mayBeOurs(text), let object = GenerationJSON.object(text), let info = info(object) { return info }
        }
        guard let text = texts.prose, isOurs(texts, text) else { return nil }
        return GenerationInfo(GenerationText.marked(text, source: source))
    }

    /// Whether a text in the form of Stable Diffusion web UI is from Fooocus.
    private static func isOurs(_ texts: GenerationTexts, _ text: String) -> Bool {
        if texts.metadata.text("fooocus_scheme") != nil { return true }
        if let value = texts.metadata.exif(makerNote) {
            let note: String? =
                switch value {
                case .text(let text): text
                case .bytes(let bytes): String(decoding: bytes.prefix(16), as: UTF8.self)
                default: nil
                }
            if note?.hasPrefix("a1111") == true || note?.hasPrefix("fooocus") == true { return true }
        }
        return text.reading { view in
            let start = max(0, view.bytes.count - 4096)
            guard let mark = view.lastOccurrence(of: "Version: Fooocus", start..<view.bytes.count) else { return false }
            return mark == 0 || view[mark - 1] == 0x20 || view[mark - 1] == 0x0A
        }
    }

    private static func mayBeOurs(_ text: String) -> Bool {
        text.containsLowered("base_model") || text.containsLowered("base model")
    }

    /// What an object says, under the names of either scheme; `nil` when it is not Fooocus'.
    static func info(_ object: JSON) -> GenerationInfo? {
        guard let members = object.object else { return nil }
        // The log's scheme writes "Base Model" for base_model.
        let fields = Dictionary(
            members.map { ($0.key.lowercased().split(separator: " ").joined(separator: "_"), $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        guard let model = fields["base_model"]?.scalarText, fields["prompt"]?.string != nil else { return nil }
        var draft = GenerationDraft(source: source)
        draft.positive = fields["prompt"]?.string ?? ""
        draft.negative = fields["negative_prompt"]?.string ?? ""
        draft.model = model
        draft.steps = fields["steps"]?.scalarText
        draft.sampler = fields["sampler"]?.scalarText
        draft.schedule = fields["scheduler"]?.scalarText
        draft.scale = fields["guidance_scale"]?.scalarText
        draft.seed = fields["seed"]?.scalarText
        draft.size = fields["resolution"]?.scalarText.flatMap(size)
        draft.others.set("Performance", fields["performance"]?.scalarText)
        draft.others.set("Sharpness", fields["sharpness"]?.scalarText)
        if let refiner = fields["refiner_model"]?.scalarText, refiner != "None" { draft.others.set("Refiner", refiner) }
        draft.others.set("Version", fields["version"]?.scalarText)
        draft.loras = loras(fields)
        return draft.info
    }

    /// `(1024, 768)` or `1024×768` as `1024x768`.
    private static func size(_ text: String) -> String? {
        let sides = text.utf8.prefix(64).split { !TextBytes.isDigit($0) }
        guard sides.count == 2, let width = Int(Substring(sides[0])), let height = Int(Substring(sides[1])) else {
            return nil
        }
        return "\(width)x\(height)"
    }

    private static func loras(_ fields: [String: JSON]) -> [(name: String, weight: String)] {
        var loras: [(name: String, weight: String)] = []
        for lora in (fields["loras"]?.array ?? []).prefix(LoRAName.limit) {
            guard let parts = lora.array, let name = parts.first?.string else { continue }
            loras.append((name, (parts.count > 1 ? parts[1].scalarText : nil) ?? "1"))
        }
        // Versions before 2.2: "lora_combined_1": "name : 0.5".
        for index in 1...16 {
            guard let text = fields["lora_combined_\(index)"]?.string else { continue }
            let parts = text.split(separator: ":", maxSplits: 1).map { String($0).trimmedBlanks }
            if let name = parts.first, name != "None" { loras.append((name, parts.count > 1 ? parts[1] : "1")) }
        }
        return loras
    }
}

extension TextBytes {
    /// Where `part` last starts in the range.
    func lastOccurrence(of part: StaticString, _ range: Range<Int>) -> Int? {
        var start = range.upperBound - part.utf8CodeUnitCount
        let first = part.utf8Start.pointee
        while start >= range.lowerBound {
            if self[start] == first, has(part, start..<range.upperBound) { return start }
            start -= 1
        }
        return nil
    }
}
