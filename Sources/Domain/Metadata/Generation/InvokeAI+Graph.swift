import OrderedCollections

/// The graph that InvokeAI ran, which some pictures hold alone: its node of metadata says what `invokeai_metadata` does.
extension InvokeAI {
    /// How many nodes and edges of a graph are looked at.
    private static let graphLimit = 100_000

    /// The members of the node whose id begins with `core_metadata`; `nil` when there is none.
    ///
    /// What reaches the node over an edge is taken from the node where it comes from.
    static func metadata(ofGraph graph: JSON) -> JSON? {
        guard let nodes = graph["nodes"]?.object,
            let (id, node) = nodes.prefix(graphLimit).first(where: { $0.key.hasPrefix("core_metadata") }),
            var members = node.object
        else { return nil }
        for edge in (graph["edges"]?.array ?? []).prefix(graphLimit) {
            guard edge["destination"]?["node_id"]?.string == id,
                let field = edge["destination"]?["field"]?.string, isMissing(members[field]),
                let source = edge["source"]?["node_id"]?.string.flatMap({ nodes[$0] }),
                let value = edge["source"]?["field"]?.string.flatMap({ source[$0] })
            else { continue }
            members[field] = value
        }
        return .object(members)
    }

    private static func isMissing(_ value: JSON?) -> Bool {
        switch value {
        case nil, .null: true
        default: false
        }
    }
}
