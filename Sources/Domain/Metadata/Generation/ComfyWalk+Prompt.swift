import OrderedCollections

/// Conditions and the texts they are made of.
extension ComfyWalk {
    /// Which of the two prompts is looked for.
    enum Role: String {
        case positive
        case negative
    }

    /// The longest prompt, in bytes.
    static let promptLimit = 1 << 20

    /// The texts of a condition, in the order of its inputs, each once, separated by commas.
    mutating func prompt(_ start: ComfyGraph.Link, _ role: Role) -> String {
        var texts: [String] = []
        var length = 0
        var seen: Set<ComfyGraph.Link> = []
        var waiting = [start]
        while let link = waiting.popLast(), length < Self.promptLimit {
            guard seen.insert(link).inserted, !ComfyNode.isZero(graph.nodes[link.node].type) else { continue }
            let encoded = encoded(link, role)
            for text in encoded where !texts.contains(text) && texts.count < 64 {
                texts.append(text)
                length += text.utf8.count
            }
            if encoded.isEmpty { waiting += conditions(link, role).reversed() }
        }
        return texts.reduce("") { Self.joined($0, $1) }
    }

    static func joined(_ one: String, _ other: String) -> String {
        if one.isEmpty { return other }
        let isEnded = one.utf8.last { !TextBytes.isBlank($0) } == UInt8(ascii: ",")
        return one + (isEnded ? " " : ", ") + other
    }

    /// Inputs of encoders that hold texts.
    private static let encoderTexts = [
        "text", "text_g", "text_l", "clip_g", "clip_l", "t5xxl", "prompt", "bert", "mt5xl", "llama",
    ]

    /// The texts that a node encodes itself; empty when it only works on conditions.
    private mutating func encoded(_ link: ComfyGraph.Link, _ role: Role) -> [String] {
        let inputs = graph.nodes[link.node].inputs
        var texts: [String] = []
        // Loaders that encode: both prompts are theirs. Encoders: one prompt under the names of their models' parts.
        let own = ["text_\(role.rawValue)", "\(role.rawValue)_prompt", "prompt_\(role.rawValue)"]
        let names = own.contains { inputs[$0] != nil } ? own : Self.encoderTexts
        for name in names {
            guard let value = inputs[name], let text = text(value, role, depth: 0) else { continue }
            if !text.utf8.allSatisfy(TextBytes.isBlank) { texts.append(text) }
        }
        if texts.isEmpty, let text = inputs[role.rawValue]?.string, !text.isEmpty { texts.append(text) }
        return texts
    }

    /// The conditions that a node works on.
    private func conditions(_ link: ComfyGraph.Link, _ role: Role) -> [ComfyGraph.Link] {
        let inputs = graph.nodes[link.node].inputs
        if let positive = graph.link(inputs["positive"]), let negative = graph.link(inputs["negative"]) {
            // Two in, two out.
            return switch link.slot {
            case 0: [positive]
            case 1: [negative]
            default: role == .positive ? [positive] : [negative]
            }
        }
        if let own = graph.link(inputs[role.rawValue]) { return [own] }
        let named = inputs.compactMap { name, value in name.hasPrefix("cond") ? graph.link(value) : nil }
        if !named.isEmpty { return named }
        return inputs.compactMap { name, value in Self.notConditions.contains(name) ? nil : graph.link(value) }
    }

    private static let notConditions: Set<String> = [
        "model", "clip", "vae", "control_net", "style_model", "clip_vision", "clip_vision_output", "image", "images",
        "pixels", "mask", "latent", "latent_image", "samples", "positive", "negative",
    ]

    /// The text of an input: itself, or what the nodes before it make.
    private mutating func text(_ value: JSON, _ role: Role, depth: Int) -> String? {
        if let link = graph.link(value) { return depth < 32 ? made(link, role, depth: depth + 1) : nil }
        if case .array = value { return nil }
        return value.scalarText
    }

    /// Inputs of nodes that make texts, the most telling first.
    private static let madeTexts = [
        "populated_text", "text", "string", "value", "Text", "String", "prompt", "wildcard_text", "text_0", "result",
    ]

    /// The text that a node gives: joined of several, one of its own, or one that it passes on.
    private mutating func made(_ link: ComfyGraph.Link, _ role: Role, depth: Int) -> String? {
        guard step(), path.insert(link.node).inserted else { return nil }
        defer { path.remove(link.node) }
        let node = graph.nodes[link.node]
        if ComfyNode.isJoining(node.type) { return joined(node, role, depth: depth) }
        let names = ["text_\(role.rawValue)", role.rawValue, "positive_prompt"] + Self.madeTexts
        for name in names where name != "positive_prompt" || role == .positive {
            if let value = node.inputs[name], let text = text(value, role, depth: depth) { return text }
        }
        // Numbered texts, then whatever is linked: nodes that show, switch or reroute.
        for (name, value) in node.inputs where name.hasPrefix("text") || name.hasPrefix("string") {
            if let text = text(value, role, depth: depth) { return text }
        }
        for value in node.inputs.values where graph.link(value) != nil {
            if let text = text(value, role, depth: depth) { return text }
        }
        return nil
    }

    private mutating func joined(_ node: ComfyGraph.Node, _ role: Role, depth: Int) -> String? {
        let delimiter = (node.inputs["delimiter"] ?? node.inputs["separator"])?.string ?? ", "
        var text: String?
        for (name, value) in node.inputs {
            guard graph.link(value) != nil || name.hasPrefix("text") || name.hasPrefix("string"),
                let part = self.text(value, role, depth: depth)
            else { continue }
            bytesLeft -= delimiter.utf8.count + part.utf8.count
            guard bytesLeft >= 0 else { break }
            text = text.map { $0 + delimiter + part } ?? part
        }
        return text
    }

    /// Without a sampler: the first text that is encoded, and the first under a title that says it is the negative one.
    mutating func promptsByTitle(_ found: inout ComfyGeneration) {
        for (index, node) in graph.nodes.enumerated() where node.type.hasPrefix("CLIPTextEncode") {
            let isNegative = node.title?.containsLowered("negative") == true
            guard isNegative ? found.negative.isEmpty : found.positive.isEmpty else { continue }
            let texts = encoded(ComfyGraph.Link(node: index, slot: 0), isNegative ? .negative : .positive)
            let text = texts.reduce("") { Self.joined($0, $1) }
            if isNegative { found.negative = text } else { found.positive = text }
        }
    }
}
