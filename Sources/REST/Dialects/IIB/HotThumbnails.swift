import Domain
import Synchronization

/// Thumbnails that were asked for lately, in memory and ready to be sent, so that asking again opens no file.
final class HotThumbnails: Sendable {
    /// How many bytes are kept unless said.
    static let defaultLimit = 32 << 20

    /// A thumbnail, and the path that the query names, to be looked at each time.
    struct Known: Sendable {
        let path: String
        let picture: ServedBytes
    }

    /// By the bytes of the query, for equal texts (é composed and decomposed) may be two files.
    private let pictures: Mutex<RecentlyUsed<[UInt8], Known>>

    init(limit: Int) {
        pictures = Mutex(RecentlyUsed(limit: limit))
    }

    /// What was answered to a query, when it is here; the same thumbnail by another query is another.
    subscript(query: String) -> Known? {
        let key = Array(query.utf8)
        return pictures.withLock { $0.value(key) }
    }

    /// Keeps what was answered to a query, and lets others go for it.
    func keep(_ known: Known, _ query: String) {
        let key = Array(query.utf8)
        let cost = known.picture.cost + known.path.utf8.count + key.count
        pictures.withLock { $0.insert(known, for: key, cost: cost) }
    }
}
