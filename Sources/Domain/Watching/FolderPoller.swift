/// Finds what changed in folders that do not tell, by looking at every file's size, time and number.
///
/// Of each folder it keeps one number only.
struct FolderPoller: Sendable {
    /// A folder that is polled, with all below it.
    struct Place: Hashable, Sendable {
        var id: WatchTree.ID
        var path: String
    }

    private let excluded: Set<ByteText>
    /// The digest of each folder by its path.
    private var digests: [WatchTree.ID: [ByteText: Int]] = [:]

    /// A poller that leaves out `excluded`, absolute paths.
    init(excluded: Set<String>) {
        self.excluded = Set(excluded.map { ByteText($0) })
    }

    /// Looks at all places; answers the folders in which something changed since they were looked at before, all of
    /// them the first time.
    ///
    /// What was known of a place that is no longer among them is forgotten.
    mutating func poll(_ places: [Place]) -> [String] {
        var changed: [String] = []
        var next: [WatchTree.ID: [ByteText: Int]] = [:]
        for place in places {
            let known = digests[place.id] ?? [:]
            let found = look(at: place.path)
            for (folder, digest) in found where known[folder] != digest { changed.append(folder.text) }
            let top = ByteText(place.path)
            if known[top] != nil, found[top] == nil { changed.append(place.path) }
            next[place.id] = found
        }
        digests = next
        return changed
    }

    private func look(at path: String) -> [ByteText: Int] {
        var found: [ByteText: Int] = [:]
        var waiting = [path]
        while let folder = waiting.popLast() {
            let entries = FolderEntries(path: folder, digests: true) {
                excluded.contains(ByteText(FolderPath.joined(folder, $0)))
            }
            guard let entries else { continue }
            found[ByteText(folder)] = entries.digest
            for name in entries.folders { waiting.append(FolderPath.joined(folder, name)) }
        }
        return found
    }
}
