import OrderedCollections

/// Graphs as ComfyUI's page saves them: nodes with places, links in a list of their own, values by position.
extension ComfyGraph {
    /// Reads the text of `workflow`; `nil` when it holds no node.
    ///
    /// When the graph itself has no sampler, the first of its subgraphs that has one is read instead.
    init?(workflow text: String) {
        guard let root = GenerationJSON.object(text), let graph = Self.converted(root) else { return nil }
        self = graph
        if nodes.contains(where: { ComfyNode.isSampler($0.type) }) { return }
        for subgraph in (root["definitions"]?["subgraphs"]?.array ?? []).prefix(64) {
            guard let inner = Self.converted(subgraph) else { continue }
            if inner.nodes.contains(where: { ComfyNode.isSampler($0.type) }) {
                self = inner
                return
            }
        }
    }

    private static func converted(_ root: JSON) -> ComfyGraph? {
        guard let list = root["nodes"]?.array, !list.isEmpty else { return nil }
        let sources = sources(root["links"]?.array ?? [])
        let variables = variables(list)
        var nodes: [(id: String, node: Node)] = []
        for value in list.prefix(nodeLimit) {
            guard let id = value["id"]?.scalarText, let type = value["type"]?.string else { continue }
            switch value["mode"]?.int {
            case 2: continue
            case 4: nodes.append((id, bypassed(value, sources)))
            default:
                var node = Node(type: type, inputs: inputs(value, type, sources), title: value["title"]?.string)
                if type == "GetNode", let name = value["widgets_values"]?.array?.first?.string {
                    node.inputs["value"] = variables[name]
                }
                nodes.append((id, node))
            }
        }
        return nodes.isEmpty ? nil : ComfyGraph(nodes: nodes)
    }

    /// Where each link comes from, as a link of the other form.
    private static func sources(_ links: [JSON]) -> [Int: JSON] {
        var sources: [Int: JSON] = [:]
        for link in links.prefix(4 * nodeLimit) {
            if let parts = link.array, parts.count >= 3, let id = parts[0].int, let node = parts[1].scalarText {
                sources[id] = .array([.string(node), .int(Int64(parts[2].int ?? 0))])
            } else if let id = link["id"]?.int, let node = link["origin_id"]?.scalarText {
                sources[id] = .array([.string(node), .int(Int64(link["origin_slot"]?.int ?? 0))])
            }
        }
        return sources
    }

    /// The nodes that set a variable for nodes that get it by name.
    private static func variables(_ list: [JSON]) -> [String: JSON] {
        var variables: [String: JSON] = [:]
        for node in list.prefix(nodeLimit) where node["type"]?.string == "SetNode" {
            guard let name = node["widgets_values"]?.array?.first?.string, let id = node["id"]?.scalarText else {
                continue
            }
            variables[name] = .array([.string(id), 0])
        }
        return variables
    }

    /// A node that is switched off passes on what it was given: of the kind of its first output.
    private static func bypassed(_ value: JSON, _ sources: [Int: JSON]) -> Node {
        let type = value["outputs"]?.array?.first?["type"]
        var inputs: OrderedDictionary<String, JSON> = [:]
        for input in (value["inputs"]?.array ?? []).prefix(64) where type == nil || input["type"] == type {
            guard let name = input["name"]?.string, let link = input["link"]?.int else { continue }
            inputs[name] = sources[link]
        }
        return Node(type: "Reroute", inputs: inputs, title: nil)
    }

    private static func inputs(
        _ value: JSON,
        _ type: String,
        _ sources: [Int: JSON]
    ) -> OrderedDictionary<String, JSON> {
        var inputs: OrderedDictionary<String, JSON> = [:]
        let declared = (value["inputs"]?.array ?? []).prefix(256)
        switch value["widgets_values"] {
        case .object(let members)?: for (name, value) in members.prefix(256) { inputs[name] = value }
        case .array(let values)?:
            var names = ComfyNode.widgets(type) ?? []
            if names.isEmpty {
                // Newer pages say which inputs are fields; a seed is followed by what to do with it afterwards.
                for input in declared where input["widget"] != nil {
                    guard let name = input["name"]?.string else { continue }
                    names.append(name)
                    if name == "seed" || name == "noise_seed" { names.append("control_after_generate") }
                }
            }
            if names.isEmpty { names = ["value"] }
            for (name, value) in zip(names, values) { inputs[name] = value }
        default: break
        }
        for input in declared {
            guard let name = input["name"]?.string, let link = input["link"]?.int else { continue }
            if let source = sources[link] { inputs[name] = source }
        }
        return inputs
    }
}
