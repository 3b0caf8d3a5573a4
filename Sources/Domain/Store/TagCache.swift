/// The ids of automatic tags that a scan has met; for one connection's writer at a time.
///
/// Bounded: when it is full it begins anew with the next batch. Tags of type `custom` are not kept, because people
/// remove them.
struct TagCache {
    private static let limit = 200_000

    private var ids: [AutoTag: Int] = [:]

    subscript(tag: AutoTag) -> Int? {
        get { ids[tag] }
        set {
            guard tag.type != MediaTag.custom else { return }
            ids[tag] = newValue
        }
    }

    /// Makes room for the tags of another batch.
    mutating func makeRoom() {
        if ids.count >= Self.limit { ids.removeAll(keepingCapacity: true) }
    }
}
