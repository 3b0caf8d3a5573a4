extension Library {
    /// Looks again at files that were written to and still look as they did, such as one whose time was put back: computes
    /// their contents; answers the folders of those that are others now, which are to be read anew.
    ///
    /// Until a content is known to be another the former one is served, and when it is the same nothing happens. Takes
    /// from `paths` what needs no further look; the rest is left when `isWanted` says that something is more urgent.
    /// Throws `CancellationError` once `stop` is set, and the store's errors.
    func verify(_ paths: inout Set<ByteText>, stop: StopFlag, unless isWanted: () -> Bool) throws -> Set<ByteText> {
        guard !paths.isEmpty, let hasher = FileHasher(stop: stop) else {
            paths = []
            return []
        }
        let settled = try store.settledFiles(at: paths.map(\.text))
        paths = Set(settled.map { ByteText($0.file.path) })
        var folders: Set<ByteText> = []
        for (file, hash) in settled where !isWanted() {
            if stop.isSet { throw CancellationError() }
            paths.remove(ByteText(file.path))
            // One that looks otherwise is for the next scan.
            guard FileStatus(path: file.path) == FileStatus(size: file.size, modified: file.modified) else { continue }
            switch hasher.hash(file.path, size: file.size, modified: file.modified, counted: { _ in }) {
            case .hashed(let type, let found, let width, let height):
                if found == hash { continue }
                try store.forgetLook(of: file.id, isRewritten: true)
                let now = HashedFile(file: file, type: type, hash: found, width: width, height: height)
                _ = try commit { try store.setContents(of: [now], at: clock.now) }
            case .changed: try store.forgetLook(of: file.id, isRewritten: false)
            case .unreadable, .stopped: continue
            }
            folders.insert(ByteText(FolderPath.folder(of: file.path)))
        }
        return folders
    }
}
