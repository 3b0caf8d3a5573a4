extension Library {
    /// The folders in which something may have changed since they were read, in byte order.
    ///
    /// When `changes` do not say it, those whose modification time is another than it was then, and those that are gone
    /// or have not been read yet. Blocks while it looks at every folder.
    func expiredFolders(_ changes: DirtyFolders) throws -> [String] {
        let folders: [String]
        switch changes {
        case .nothing: return []
        case .folders(let known): folders = Array(known)
        case .unknown:
            folders = try store.directoryTimes().filter { folder in
                folder.modified == nil || folder.modified != FolderTime(path: folder.path)?.modified
            }.map(\.path)
        }
        return folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
