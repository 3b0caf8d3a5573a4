/// The ids of automatic tags that a scan has met; for one connection's writer at a time.
///
/// Bounded: when it is full it begins anew. Tags of type `custom` are not kept, because people remove them.
struct TagCache {
    private static let limit = 200_000

    private var ids: [AutoTag: Int] = [:]

    subscript(tag: AutoTag) -> Int? {
        get { ids[tag] }
        set {
            guard tag.type != MediaTag.custom else { return }
            if ids.count >= Self.limit { ids.removeAll(keepingCapacity: true) }
            ids[tag] = newValue
        }
    }
}
