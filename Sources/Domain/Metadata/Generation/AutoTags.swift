/// The tags that the index gives a file by itself (contracts/iib.md §5).
package enum AutoTags {
    /// Parameters whose values are tags.
    private static let parameters = [
        "Model", "Sampler", "Source Identifier", "Postprocess upscale by", "Postprocess upscaler", "Size", "Refiner",
        "Hires upscaler",
    ]

    /// The tags of one file, without repeats: size, kind, parameters, networks, words of the prompt, rules.
    ///
    /// `width` and `height` are those as displayed; for videos and sounds the size is always unknown. Names that a tag
    /// may not have are left out.
    package static func tags(
        for info: GenerationInfo,
        kind: MediaKind,
        width: Int?,
        height: Int?,
        rules: [AutoTagRule]
    ) -> [AutoTag] {
        var tags: [AutoTag] = []
        tags.reserveCapacity(48)
        tags.append(AutoTag("size", size(kind, width, height)))
        tags.append(AutoTag("Media Type", mediaType(kind)))
        for entry in info.meta.entries { add(entry, to: &tags) }
        if !info.positive.isEmpty || !info.loras.isEmpty || !info.lycos.isEmpty || !rules.isEmpty {
            let prompt = PromptTags(info.positive)
            add(prompt.loras, info.loras, "lora", to: &tags)
            add(prompt.lycos, info.lycos, "lyco", to: &tags)
            for tag in prompt.tags { tags.append(AutoTag("pos", tag)) }
            add(rules, info, prompt, to: &tags)
        }
        return tags
    }

    private static func size(_ kind: MediaKind, _ width: Int?, _ height: Int?) -> String {
        guard kind == .image, let width, let height else { return "Unknown Size" }
        return "\(width) × \(height)"
    }

    private static func mediaType(_ kind: MediaKind) -> String {
        switch kind {
        case .image: "Image"
        case .video: "Video"
        case .audio: "Audio"
        }
    }

    private static func add(_ entry: GenerationMeta.Entry, to tags: inout [AutoTag]) {
        guard !entry.value.isEmpty, let type = parameters.first(where: { isSame($0, entry.key) }),
            type != "Size" || GenerationMeta.sides(entry.value) == nil, AutoTags.accepts(entry.value),
            // Keys that differ in case only: the first counts.
            !tags.contains(where: { $0.type == type })
        else { return }
        tags.append(AutoTag(type, entry.value))
        switch type {
        case "Refiner": tags.append(AutoTag(type, "Refiner All"))
        case "Hires upscaler": tags.append(AutoTag(type, "Hires All"))
        default: break
        }
    }

    private static func isSame(_ name: String, _ key: String) -> Bool {
        guard name.utf8.count == key.utf8.count else { return false }
        return zip(name.utf8, key.utf8).allSatisfy { TextBytes.lowered($0) == TextBytes.lowered($1) }
    }

    /// Adds names of the prompt, then those from elsewhere that are not among them in any case.
    private static func add(_ names: [String], _ others: [String], _ type: String, to tags: inout [AutoTag]) {
        for name in names where AutoTags.accepts(name) { tags.append(AutoTag(type, name)) }
        guard !others.isEmpty else { return }
        var seen = Set(names.map { $0.lowercased() })
        for name in others where AutoTags.accepts(name) && seen.insert(name.lowercased()).inserted {
            tags.append(AutoTag(type, name))
        }
    }

    private static func add(
        _ rules: [AutoTagRule],
        _ info: GenerationInfo,
        _ prompt: PromptTags,
        to tags: inout [AutoTag]
    ) {
        guard !rules.isEmpty else { return }
        let words = prompt.tags.joined(separator: ",")
        var given: Set<String> = []
        for rule in rules where rule.holds(info, prompt: words) && given.insert(rule.tag).inserted {
            tags.append(AutoTag(MediaTag.custom, rule.tag))
        }
    }
}
