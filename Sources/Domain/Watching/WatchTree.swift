/// The folders that are watched or polled, as a tree: what each is called, and where it lies.
///
/// Paths are put together when they are asked for, so a folder costs little more than its name.
struct WatchTree: Sendable {
    /// A folder: the number of its watch, or a negative number for one that is polled.
    typealias ID = Int32

    private struct Node {
        /// `nil` for a root, whose name is its path.
        var parent: ID?
        var name: String
        var children: [ByteText: ID] = [:]
    }

    private var nodes: [ID: Node] = [:]
    /// The roots by their paths.
    private(set) var roots: [ByteText: ID] = [:]

    /// How many folders there are.
    var count: Int { nodes.count }

    func contains(_ id: ID) -> Bool { nodes[id] != nil }

    /// The folder of this name in `parent`, or the root of this path.
    func child(_ name: String, of parent: ID?) -> ID? {
        guard let parent else { return roots[ByteText(name)] }
        return nodes[parent]?.children[ByteText(name)]
    }

    /// What a folder is called, and where.
    func place(of id: ID) -> (parent: ID?, name: String)? {
        nodes[id].map { ($0.parent, $0.name) }
    }

    /// The absolute path of a folder; `nil` when it is unknown.
    func path(of id: ID) -> String? {
        guard var node = nodes[id] else { return nil }
        var names: [String] = []
        // Every node was put below one that was there before, so there are no circles.
        while let parent = node.parent, let next = nodes[parent] {
            names.append(node.name)
            node = next
        }
        return names.reversed().reduce(node.name) { FolderPath.joined($0, $1) }
    }

    /// Adds a folder that is unknown, in a place where there is none; answers `false` when its parent is unknown.
    mutating func insert(_ id: ID, _ name: String, in parent: ID?) -> Bool {
        if let parent {
            guard nodes[parent] != nil else { return false }
            nodes[parent]?.children[ByteText(name)] = id
        } else {
            roots[ByteText(name)] = id
        }
        nodes[id] = Node(parent: parent, name: name)
        return true
    }

    /// Removes a folder with all below it; answers what was removed.
    mutating func remove(_ id: ID) -> [ID] {
        guard let node = nodes[id] else { return [] }
        if let parent = node.parent {
            nodes[parent]?.children[ByteText(node.name)] = nil
        } else {
            roots[ByteText(node.name)] = nil
        }
        var removed: [ID] = []
        var waiting = [id]
        while let next = waiting.popLast() {
            guard let node = nodes.removeValue(forKey: next) else { continue }
            removed.append(next)
            waiting += node.children.values
        }
        return removed
    }
}
