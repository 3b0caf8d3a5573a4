#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Library {
    /// The folders in which something may have changed since they were read, in byte order.
    ///
    /// When `changes` do not say it, those whose modification time is another than it was then, and those that are gone
    /// or have not been read yet. Blocks while it looks at every folder.
    func expiredFolders(_ changes: DirtyFolders) throws -> [String] {
        let folders: [String]
        switch changes {
        case .nothing: return []
        case .folders(let known): folders = known.map(\.text)
        case .unknown:
            folders = try store.directoryTimes().filter { folder in
                folder.modified == nil || folder.modified != Self.time(of: folder.path)
            }.map(\.path)
        }
        return folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// When a folder was last changed, in nanoseconds since 1970; `nil` when there is none.
    private static func time(of folder: String) -> Int? {
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return status.modified
    }
}
