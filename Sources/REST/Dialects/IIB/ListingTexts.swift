import Domain
import NIOCore
import Synchronization

/// Listings that were answered lately, as they were written: one that is remembered is not written again while it is the
/// same.
final class ListingTexts: Sendable {
    private struct Known {
        var version: Int
        var text: ByteBuffer
    }

    /// By the bytes of the folder's path, for equal texts may be two folders.
    private let known: Mutex<RecentlyUsed<[UInt8], Known>>

    /// Keeps about `limit` bytes, and of one listing at most an eighth of that.
    init(limit: Int = 24 << 20) {
        known = Mutex(RecentlyUsed(limit: limit))
    }

    /// The answer that lists a folder; `version` is a number that it has with these entries only, if there is one.
    func text(of folder: String, _ version: Int?, _ entries: [FileInfo]) -> ByteBuffer {
        guard let version else { return IIBFileList.text(entries) }
        let key = Array(folder.utf8)
        if let known = known.withLock({ $0.value(key) }), known.version == version { return known.text }
        let text = IIBFileList.text(entries)
        let cost = text.storageCapacity + key.count
        known.withLock { $0.insert(Known(version: version, text: text), for: key, cost: cost) }
        return text
    }
}
