import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Library {
    /// The roots, in the order in which they were added.
    package func roots() throws -> [LibraryRoot] { try store.roots() }

    /// Makes a folder a part of the library and returns the root that has it now.
    ///
    /// A folder inside a present root is a part already; present roots inside the folder become a part of it, and
    /// their files keep their ids. A permanent one stays until the process ends, whatever ``removeRoot(_:keeping:)`` is
    /// asked. Throws ``LibraryRootError`` when the path is not an absolute path of a folder that exists.
    @discardableResult
    package func addRoot(_ path: String, isPermanent: Bool = false) throws -> LibraryRoot {
        let folder = try FolderPath.resolvedFolder(path)
        if isPermanent { rootBook.withLock { $0.permanent.append(folder) } }
        let root = try store.addRoot(folder, at: clock.now)
        tellOfRoots()
        return root
    }

    /// Whether a folder was made part of the library for as long as the process runs.
    package func isPermanent(_ folder: String) -> Bool {
        rootBook.withLock { $0.permanent.contains { ByteText($0) == ByteText(folder) } }
    }

    /// Has `body` called after each change of the roots, on any thread: it must be quick.
    package func whenRootsChange(_ body: @escaping @Sendable () -> Void) {
        rootBook.withLock { $0.listeners.append(body) }
    }

    /// Takes a root out of the library, with all files below it but those in `keeping` and in permanent folders, which
    /// become roots of their own; their files keep their ids.
    ///
    /// Nothing happens when there is no root of exactly this path, or when it lies in what is kept. What people said of
    /// the files waits with their contents. Paths are absolute and resolved. Blocks until all files are removed; after a
    /// crash ``finishRemovals()`` removes the rest.
    package func removeRoot(_ path: String, keeping: [String]) throws {
        try leave { try store.leaveRoot(path, keeping: rootsToKeep(keeping), at: clock.now) }
    }

    /// Removes what is left of roots that were being removed when the server ended.
    package func finishRemovals() throws {
        for root in try store.leavingRoots() { try clear(root) }
    }

    /// Does what makes roots leave, then removes their files.
    func leave(_ body: () throws -> Int?) throws {
        guard let root = try body() else { return }
        tellOfRoots()
        try clear(root)
    }

    /// The folders of the library that are to stay: those given that exist, and the permanent ones.
    func rootsToKeep(_ paths: [String]) -> [KeptFolder] {
        (paths + rootBook.withLock { $0.permanent }).map { path in
            var status = stat()
            return KeptFolder(path: path, exists: stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR)
        }
    }

    private func clear(_ root: Int) throws {
        var isDone = false
        while !isDone {
            _ = try commit {
                guard let changes = try store.removeNextOfLeaving(root, limit: 200) else {
                    isDone = true
                    return LibraryChanges()
                }
                return changes
            }
        }
        flushCounts()
    }

    private func tellOfRoots() {
        for listener in rootBook.withLock({ $0.listeners }) { listener() }
    }
}

/// A folder that stays a part of the library when a root around it leaves.
struct KeptFolder: Hashable, Sendable {
    /// Absolute and resolved.
    var path: String
    /// Whether there is such a folder on the disk.
    var exists: Bool
}
