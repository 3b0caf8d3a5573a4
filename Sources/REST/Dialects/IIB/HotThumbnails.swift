import Domain
import Synchronization

/// Thumbnails that were asked for lately, in memory and ready to be sent, so that asking again opens no file.
final class HotThumbnails: Sendable {
    /// How many bytes are kept unless said.
    static let defaultLimit = 32 << 20

    /// What a thumbnail is of.
    struct Key: Hashable, Sendable {
        var path: String
        var version: String
        var size: ThumbnailSize
    }

    private let pictures: Mutex<RecentlyUsed<Key, ServedBytes>>

    init(limit: Int) {
        pictures = Mutex(RecentlyUsed(limit: limit))
    }

    /// The thumbnail, when it is here.
    subscript(key: Key) -> ServedBytes? { pictures.withLock { $0.value(key) } }

    /// Keeps a thumbnail, and lets others go for it.
    func keep(_ picture: ServedBytes, _ key: Key) {
        let cost = picture.cost + key.path.utf8.count + key.version.utf8.count
        pictures.withLock { $0.insert(picture, for: key, cost: cost) }
    }
}
