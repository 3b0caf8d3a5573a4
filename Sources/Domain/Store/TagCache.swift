/// The ids of automatic tags that a scan has met; for one connection's writer at a time.
///
/// Bounded: when it is full it begins anew with the next batch. Tags of type `custom` have no place in it, because people
/// remove them.
struct TagCache {
    private static let limit = 200_000

    private var ids: [AutoTag: Int] = [:]

    /// The id of an automatic tag; one that is not known gets the id `new`, which is greater than 0.
    mutating func id(of tag: AutoTag, orNew new: Int) -> Int { Self.known(&ids[tag, default: 0], new) }

    private static func known(_ id: inout Int, _ new: Int) -> Int {
        if id == 0 { id = new }
        return id
    }

    /// Notes that a tag has another id than it got here.
    mutating func correct(_ tag: AutoTag, to id: Int) { ids[tag] = id }

    /// Makes room for the tags of another batch.
    mutating func makeRoom() {
        if ids.count >= Self.limit { ids.removeAll(keepingCapacity: true) }
    }
}
