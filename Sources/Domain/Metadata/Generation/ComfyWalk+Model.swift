import OrderedCollections

/// Models and LoRAs.
extension ComfyWalk {
    /// Follows the model of a sampler to the file it was loaded from; takes the LoRAs on the way.
    func models(from sampler: Int, _ found: inout ComfyGeneration) {
        var loras: [String] = []
        var node = link(sampler, ["model", "unet", "transformer"])?.node
        var seen: Set<Int> = []
        while let current = node, loras.count < LoRAName.limit, seen.insert(current).inserted {
            loras += self.loras(current).reversed()
            for name in ["lora_stack", "optional_lora_stack"] {
                if let stack = graph.link(current, [name]) { loras += self.loras(stack: stack.node).reversed() }
            }
            if let model = loadedModel(current) {
                found.model = model
                break
            }
            node = next(current)
        }
        found.loras = loras.reversed()
    }

    /// The first file in the graph that a model is loaded from.
    var anyModel: String? { graph.nodes.indices.lazy.compactMap { loadedModel($0) }.first }

    /// Where a node has its model from: by name, or else by its first link.
    private func next(_ node: Int) -> Int? {
        let names = ["model", "model1", "unet", "transformer"] + Self.pipes
        if let link = graph.link(node, names) { return link.node }
        for (name, value) in graph.nodes[node].inputs where name != "clip" && name != "vae" {
            if let link = graph.link(value) { return link.node }
        }
        return nil
    }

    /// The file that a node loads a model from; `nil` when it loads none.
    func loadedModel(_ node: Int) -> String? {
        let inputs = graph.nodes[node].inputs
        for name in ["ckpt_name", "unet_name", "base_ckpt_name", "gguf_name", "model_path"] {
            if let text = fileName(inputs[name]) { return text }
        }
        // Upscalers and detectors have a model_name too.
        let type = graph.nodes[node].type
        guard type.containsLowered("load"), !type.containsLowered("upscale"), !type.containsLowered("detector"),
            !type.containsLowered("clip"), !type.containsLowered("vae"), !type.containsLowered("sam")
        else { return nil }
        return fileName(inputs["model_name"]) ?? fileName(inputs["model"])
    }

    /// A name, or a name with a picture, as some loaders write it, or what a node with one value gives.
    private func fileName(_ value: JSON?) -> String? {
        if let link = graph.link(value) {
            let inputs = graph.nodes[link.node].inputs
            return ["value", "string", "text", "ckpt_name", "unet_name"].lazy.compactMap { inputs[$0]?.string }.first
        }
        return (value?["content"]?.string ?? value?.string).flatMap { $0.isEmpty || $0 == "None" ? nil : $0 }
    }

    /// The LoRAs that one node names, in its order.
    private func loras(_ node: Int) -> [String] {
        let inputs = graph.nodes[node].inputs
        guard ComfyNode.isLoRA(graph.nodes[node].type) || inputs["lora_name"] != nil else { return [] }
        var names: [String] = []
        for (key, value) in inputs where key.hasPrefix("lora") && names.count < LoRAName.limit {
            if let name = value["lora"]?.string {
                // A row that can be switched off.
                if value["on"]?.bool != false, name != "None" { names.append(name) }
            } else if key == "lora" || key.hasPrefix("lora_"), let name = fileName(value),
                !key.hasPrefix("lora_wt"), !key.hasPrefix("lora_count")
            {
                names.append(name)
            }
        }
        return names
    }

    /// The LoRAs of a chain of nodes that only collect them.
    private func loras(stack start: Int) -> [String] {
        var names: [[String]] = []
        var node: Int? = start
        var seen: Set<Int> = []
        while let current = node, names.count < LoRAName.limit, seen.insert(current).inserted {
            names.append(loras(current))
            node = graph.link(current, ["lora_stack", "optional_lora_stack"])?.node
        }
        return names.reversed().flatMap { $0 }
    }
}
