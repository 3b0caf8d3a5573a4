extension Library {
    /// How many files may have come, gone or be unread for a scan to be a matter of a moment.
    static let fewFiles = 200
    /// How many folders may have changed.
    private static let fewFolders = 64

    /// Whether a scan of these changes is a matter of a moment.
    ///
    /// Blocks while it looks at the folders.
    func areFew(_ changes: DirtyFolders) throws -> Bool {
        guard case .folders(let folders) = changes, folders.count <= Self.fewFolders else { return changes == .nothing }
        // The scan computes the contents that earlier ones left, too.
        guard try store.unhashedFiles(after: 0, limit: Self.fewFiles + 1).count <= Self.fewFiles else { return false }
        let roots = try roots()
        var files = 0
        for folder in folders.map(\.text) {
            let root = roots.lazy.compactMap { root in root.relative(folder).map { (root.id, $0) } }.first
            guard let (root, path) = root else { continue }
            let present = (try? DirectoryListing(path: folder).files.count) ?? 0
            files += abs(present - (try store.fileCount(in: path, of: root)))
            if files > Self.fewFiles { return false }
        }
        return true
    }
}
