/// A row that a query asks for, as much of it as the answer needs.
struct FoundMedia: Sendable {
    var key: MediaKey
    /// Its place in the order of the query, greatest first.
    var rank: MediaKey
    var kind: MediaKind
    var directory: Int
    var size: Int
    var path: String

    /// The file as searches answer it.
    var media: IndexedMedia { IndexedMedia(id: key.id, path: path, kind: kind, date: key.date, size: size) }
}

/// The first files of what was found, in the order of the query, however they come.
struct FoundList: Sendable {
    private(set) var found: [FoundMedia] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Whether a file of this rank would be among the first, as far as is known.
    private(set) var lowest: MediaKey?

    /// Whether a file of this rank is worth reading.
    func wants(_ rank: MediaKey) -> Bool { lowest.map { rank > $0 } ?? true }

    /// Takes a file in.
    mutating func append(_ media: FoundMedia) {
        found.append(media)
        // Sorting seldom, and then half of it goes.
        if found.count / 2 > max(limit, 64) { trim() }
    }

    /// Takes in what another one found.
    mutating func append(_ other: FoundList) { for media in other.found { append(media) } }

    /// The first files in order.
    mutating func sorted() -> [FoundMedia] {
        trim()
        return found
    }

    private mutating func trim() {
        found.sort { $0.rank > $1.rank }
        guard found.count > limit else { return }
        found.removeLast(found.count - limit)
        if found.count == limit { lowest = found.last?.rank }
    }
}
