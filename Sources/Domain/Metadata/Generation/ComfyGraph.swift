import OrderedCollections

/// A graph of ComfyUI in the form in which its server runs it: nodes under their ids, each with its class and inputs.
///
///     {"3": {"class_type": "KSampler", "inputs": {"seed": 1, "positive": ["6", 0], …}}, "6": …}
///
/// An input is a value, or a link: the id of a node and the number of its output.
struct ComfyGraph {
    struct Node {
        var type: String
        var inputs: OrderedDictionary<String, JSON>
        /// What people call it.
        var title: String?
    }

    /// An output of a node.
    struct Link: Hashable {
        var node: Int
        var slot: Int
    }

    /// How many nodes are looked at; further ones are as if they were not there.
    static let nodeLimit = 100_000
    /// How many inputs of a node are looked at, and how long the name of its class may be.
    static let inputLimit = 512
    static let typeLimit = 256

    private(set) var nodes: [Node] = []
    private var places: [String: Int] = [:]

    /// Reads the text of `prompt`; `nil` when it holds no node.
    init?(prompt text: String) {
        guard case .object(let members)? = GenerationJSON.object(text) else { return nil }
        let count = min(members.count, Self.nodeLimit)
        nodes.reserveCapacity(count)
        places.reserveCapacity(count)
        for (id, value) in members.prefix(count) {
            guard case .object(let node) = value, let type = node["class_type"]?.string else { continue }
            var inputs: OrderedDictionary<String, JSON> = [:]
            if case .object(let members)? = node["inputs"] { inputs = members }
            add(id, Node(type: type, inputs: inputs, title: node["_meta"]?["title"]?.string))
        }
        guard !nodes.isEmpty else { return nil }
    }

    init(nodes: [(id: String, node: Node)]) {
        for (id, node) in nodes.prefix(Self.nodeLimit) { add(id, node) }
    }

    private mutating func add(_ id: String, _ node: Node) {
        guard node.type.utf8.count <= Self.typeLimit else { return }
        places[id] = nodes.count
        nodes.append(node)
        let surplus = node.inputs.count - Self.inputLimit
        if surplus > 0 { nodes[nodes.count - 1].inputs.removeLast(surplus) }
    }

    /// The output that a value links to; `nil` when it is no link, or one to nowhere.
    func link(_ value: JSON?) -> Link? {
        guard case .array(let parts)? = value, parts.count == 2, case .int(let slot) = parts[1] else { return nil }
        let place: Int? =
            switch parts[0] {
            case .string(let id): places[id]
            case .int(let id): places[String(id)]
            default: nil
            }
        return place.map { Link(node: $0, slot: Int(clamping: slot)) }
    }

    /// The output to which the first of these inputs links that links at all.
    func link(_ node: Int, _ names: [String]) -> Link? {
        for name in names {
            if let link = link(nodes[node].inputs[name]) { return link }
        }
        return nil
    }

    /// Which nodes those at `starts` depend on, themselves included.
    func reached(from starts: [Int]) -> [Bool] {
        var reached = [Bool](repeating: false, count: nodes.count)
        var waiting = starts
        for start in starts { reached[start] = true }
        while let node = waiting.popLast() {
            for value in nodes[node].inputs.values {
                guard let link = link(value), !reached[link.node] else { continue }
                reached[link.node] = true
                waiting.append(link.node)
            }
        }
        return reached
    }
}
