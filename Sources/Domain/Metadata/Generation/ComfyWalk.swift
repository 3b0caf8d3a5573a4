import OrderedCollections

/// Walks a graph of ComfyUI from what it stores back to what it was made of.
///
/// No cycle and no great graph keeps it: a walk through conditions, latents or models meets a node once, one for a value
/// takes ``hopLimit`` links, and the making of texts ``stepLimit`` in all.
struct ComfyWalk {
    static let hopLimit = 64
    static let stepLimit = 20_000

    let graph: ComfyGraph
    private var stepsLeft = Self.stepLimit
    /// How many bytes of text may still be put together from others.
    var bytesLeft = 4 * Self.promptLimit
    /// The nodes whose texts are being made.
    var path: Set<Int> = []

    init(_ graph: ComfyGraph) { self.graph = graph }

    /// Counts one step in the making of texts; answers whether it may be taken.
    mutating func step() -> Bool {
        stepsLeft -= 1
        return stepsLeft >= 0
    }

    /// Everything that can be said of the picture.
    mutating func generation() -> ComfyGeneration {
        var found = ComfyGeneration()
        guard let sampler = sampler() else {
            promptsByTitle(&found)
            found.model = anyModel
            return found
        }
        found.steps = value(sampler, ["steps"], through: ["sigmas", "scheduler"] + Self.pipes)
        found.sampler = value(sampler, ["sampler_name", "sampler"], through: ["sampler"] + Self.pipes)
        found.scheduler = value(sampler, ["scheduler"], through: ["sigmas"] + Self.pipes)
        found.scale = value(
            sampler,
            ["cfg", "guidance"],
            through: ["guider", "positive", "conditioning"] + Self.pipes
        )
        found.seed = value(sampler, ["seed", "noise_seed"], through: ["noise"] + Self.pipes)
        if let link = link(sampler, ["positive", "conditioning", "cond1"]) {
            found.positive = prompt(link, .positive)
        }
        if let link = link(sampler, ["negative"]) { found.negative = prompt(link, .negative) }
        models(from: sampler, &found)
        if found.model == nil { found.model = anyModel }
        return found
    }

    /// Inputs that bring several things at once.
    static let pipes = ["guider", "basic_pipe", "pipe", "sdxl_tuple", "context", "base_ctx"]

    // MARK: - The sampler

    /// The sampler that drew the picture first: of those that a stored picture depends on, or else of all.
    private func sampler() -> Int? {
        let outputs = graph.nodes.indices.filter { ComfyNode.isOutput(graph.nodes[$0].type) }
        let samplers = graph.nodes.indices.filter { ComfyNode.isSampler(graph.nodes[$0].type) }
        guard let first = samplers.first else { return likelySampler() }
        if samplers.count == 1 { return first }
        let reached = graph.reached(from: outputs)
        guard let start = samplers.first(where: { reached[$0] }) else { return first }
        return original(start, Set(samplers))
    }

    /// The sampler at the beginning of the chain of latents that ends in this one.
    private func original(_ sampler: Int, _ samplers: Set<Int>) -> Int {
        var current = sampler
        var seen: Set<Int> = [sampler]
        var waiting = [sampler]
        while let node = waiting.popLast() {
            let isSampler = samplers.contains(node)
            if isSampler { current = node }
            for (name, value) in graph.nodes[node].inputs {
                // From a sampler only the picture it starts with; on the way no models and no conditions.
                if isSampler ? !Self.latents.contains(name) : Self.aside.contains(name) { continue }
                guard let link = graph.link(value), seen.insert(link.node).inserted else { continue }
                waiting.append(link.node)
            }
        }
        return current
    }

    private static let latents: Set<String> = ["latent_image", "latent", "latents", "samples", "optional_latent"]
    static let aside: Set<String> = [
        "model", "clip", "vae", "positive", "negative", "conditioning", "control_net", "style_model", "mask", "text",
    ]

    /// The node whose inputs look most like those of a sampler.
    private func likelySampler() -> Int? {
        var best: (node: Int, likeness: Int)?
        for (index, node) in graph.nodes.enumerated() {
            let likeness = ComfyNode.likeness(node)
            if likeness >= 4, likeness > best?.likeness ?? 0 { best = (index, likeness) }
        }
        return best?.node
    }

    // MARK: - Links and values

    /// The first link under one of the names, at the node or at what it is given through pipes.
    func link(_ start: Int, _ names: [String]) -> ComfyGraph.Link? {
        var node = start
        for _ in 0..<Self.hopLimit {
            if let link = graph.link(node, names) { return link }
            guard let next = graph.link(node, Self.pipes) else { return nil }
            node = next.node
        }
        return nil
    }

    /// The value under one of the names, at the node or at what it is given through these inputs.
    func value(_ start: Int, _ names: [String], through: [String]) -> String? {
        var node = start
        for _ in 0..<Self.hopLimit {
            for name in names {
                guard let value = graph.nodes[node].inputs[name] else { continue }
                if let link = graph.link(value) {
                    if !through.contains(name), let text = scalar(link, names) { return text }
                } else if let text = value.scalarText {
                    return text
                }
            }
            guard let next = graph.link(node, through) else { return nil }
            node = next.node
        }
        return nil
    }

    /// A value that another node makes: through nodes that only pass it on.
    private func scalar(_ start: ComfyGraph.Link, _ names: [String]) -> String? {
        var node = start.node
        for _ in 0..<Self.hopLimit {
            let inputs = graph.nodes[node].inputs
            for name in names + Self.values {
                guard let value = inputs[name], graph.link(value) == nil, let text = value.scalarText else { continue }
                return text
            }
            guard let next = inputs.values.lazy.compactMap({ graph.link($0) }).first else { return nil }
            node = next.node
        }
        return nil
    }

    private static let values = ["value", "Value", "int", "float", "number", "seed", "noise_seed", "string", "text"]
}
