extension Library {
    /// The extra paths whose folders are there; the others are dropped.
    ///
    /// One of whose folder the library knows files stays, unseen: its disk may be away, and what comes back with it must
    /// be what people can remove.
    func extraPaths() throws -> [ExtraPath] {
        var present: [ExtraPath] = []
        for known in try store.extraPaths() {
            if try adoptExtraPath(known.entry.path, knownAt: known.folder) {
                present.append(known.entry)
            } else if try !hasFiles(in: known.folder ?? known.entry.path) {
                try removeExtraPath(known.entry.path, types: nil)
            }
        }
        return present
    }

    /// Makes the folders of extra paths part of the library that came after they were added.
    func adoptExtraPaths() throws {
        for known in try store.extraPaths() { _ = try adoptExtraPath(known.entry.path, knownAt: known.folder) }
    }

    /// Makes the folder of an extra path part of the library; answers whether it is there.
    func adoptExtraPath(_ path: String, knownAt known: String?) throws -> Bool {
        let folder: String
        do {
            folder = try FolderPath.resolvedFolder(path)
        } catch .unreadable {
            // It is there, and may be read at another time.
            return true
        } catch {
            return false
        }
        if known.map({ ByteText($0) }) != ByteText(folder) { try store.setFolder(folder, ofExtraPath: path) }
        guard try !roots().contains(where: { $0.relative(folder) != nil }), !isExcluded(folder) else { return true }
        try addRoot(folder)
        return true
    }

    /// Takes types from an extra path, `nil` all; with the last of them go the path and what only it made part of the
    /// library.
    func removeExtraPath(_ path: String, types: [String]?) throws {
        try leave {
            try store.removeExtraPath(path, types: types, keeping: rootsToKeep, at: clock.now)
        }
    }

    private func hasFiles(in folder: String) throws -> Bool {
        try store.rootSummaries().contains { ByteText($0.path) == ByteText(folder) && $0.files > 0 }
    }

    private func isExcluded(_ folder: String) -> Bool {
        excluded.contains { FolderPath.relative(folder, to: $0) != nil }
    }
}
