import Domain
import Synchronization

/// Thumbnails that were asked for lately, in memory and ready to be sent, so that asking again opens no file.
final class HotThumbnails: Sendable {
    /// How many bytes are kept unless said.
    static let defaultLimit = 32 << 20

    /// What a thumbnail is of; by bytes, for equal texts (é composed and decomposed) may be two files.
    struct Key: Hashable, Sendable {
        let path: [UInt8]
        let version: [UInt8]
        let size: ThumbnailSize

        init(path: String, version: String, size: ThumbnailSize) {
            self.path = Array(path.utf8)
            self.version = Array(version.utf8)
            self.size = size
        }
    }

    private let pictures: Mutex<RecentlyUsed<Key, ServedBytes>>

    init(limit: Int) {
        pictures = Mutex(RecentlyUsed(limit: limit))
    }

    /// The thumbnail, when it is here.
    subscript(key: Key) -> ServedBytes? { pictures.withLock { $0.value(key) } }

    /// Keeps a thumbnail, and lets others go for it.
    func keep(_ picture: ServedBytes, _ key: Key) {
        let cost = picture.cost + key.path.count + key.version.count
        pictures.withLock { $0.insert(picture, for: key, cost: cost) }
    }
}
