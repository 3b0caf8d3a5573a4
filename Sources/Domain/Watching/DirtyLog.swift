/// Where something changed, each folder once, and when the changes came to rest.
struct DirtyLog: Sendable {
    /// Of more folders than this it is only known that something changed.
    static let limit = 8_192
    /// The silence after which changes count as settled.
    static let quiet: Milliseconds = 500
    /// Changes that do not cease count as settled after this time.
    static let patience: Milliseconds = 5_000

    /// How many changes came in all; it only grows.
    private(set) var count = 0
    private var folders: Set<ByteText> = []
    private var isUnknown = false
    /// When the first and the last change came that were not told as settled yet.
    private var unsettled: (first: Milliseconds, last: Milliseconds)?

    /// What has changed.
    var changes: DirtyFolders {
        if isUnknown { return .unknown }
        guard !folders.isEmpty else { return .nothing }
        return .folders(folders)
    }

    /// When the changes will have settled; `nil` when they have, or when there are none.
    var settles: Milliseconds? {
        unsettled.map { min($0.last + Self.quiet, $0.first + Self.patience) }
    }

    /// Something changed in a folder.
    mutating func insert(_ path: String, at now: Milliseconds) {
        stir(now)
        guard !isUnknown else { return }
        folders.insert(ByteText(path))
        if folders.count > Self.limit { insertAll(at: now) }
    }

    /// Something may have changed anywhere.
    mutating func insertAll(at now: Milliseconds) {
        stir(now)
        isUnknown = true
        folders = []
    }

    /// Forgets the folders that are not to be kept.
    mutating func keep(_ isKept: (String) -> Bool) {
        folders = folders.filter { isKept($0.text) }
        if folders.isEmpty, !isUnknown { unsettled = nil }
    }

    /// Hands over what has changed.
    mutating func take() -> DirtyFolders {
        defer {
            let count = count
            self = DirtyLog()
            self.count = count
        }
        return changes
    }

    /// Whether changes have settled since the last call that said so.
    mutating func settle(at now: Milliseconds) -> Bool {
        guard let settles, settles <= now else { return false }
        unsettled = nil
        return true
    }

    private mutating func stir(_ now: Milliseconds) {
        count += 1
        unsettled = (unsettled?.first ?? now, now)
    }
}
