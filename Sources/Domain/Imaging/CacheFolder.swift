import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The cache of small pictures on the disk: bounded, and the one used longest ago goes first.
///
/// When a picture was used last is its file's access time, which is set on purpose, so the order outlives the process
/// and does not hang on how the disk is mounted.
package final class CacheFolder: Sendable {
    /// A picture of the cache.
    package struct Entry: Sendable {
        package var bytes: [UInt8]
        /// When it was made, in nanoseconds since 1970.
        package var modified: Int
    }

    /// Beside a cover that someone chose, which must not be lost.
    private static let keepMark = ".chosen"
    /// How much of the bound is left filled when something had to go, in percent.
    private static let rest = 90
    private static let pictureLimit = 256 << 20

    private struct State {
        /// Bytes of all files; `nil` before they were counted.
        var used: Int?
        var isSweeping = false
    }

    /// Its absolute path.
    package let path: String
    private let limit: Int
    private let state = Mutex(State())

    /// A cache in a folder, which is made when something is put into it; `limit` is in bytes.
    package init(path: String, limit: Int) {
        self.path = path
        self.limit = limit
    }

    /// The picture of this name, which counts as used now; `nil` when there is none, or half of one.
    func read(_ name: CacheName) -> Entry? {
        let file = absolute(name)
        guard let bytes = try? WholeFile.read(file, limit: Self.pictureLimit), Thumbnail.isWhole(bytes),
            let status = FileStatus(path: file)
        else { return nil }
        touch(file, modified: status.modified)
        return Entry(bytes: bytes, modified: status.modified)
    }

    /// Whether there is a picture of this name.
    func has(_ name: CacheName) -> Bool { FileStatus(path: absolute(name)) != nil }

    /// Puts a picture into the cache; one that someone chose, `isKept`, is never removed to make room.
    ///
    /// Throws ``SystemError`` when it cannot be written.
    @discardableResult
    func write(_ bytes: [UInt8], _ name: CacheName, isKept: Bool = false) throws(SystemError) -> Entry {
        let folder = FolderPath.joined(path, name.folder)
        let file = absolute(name)
        try WholeFile.makeFolder(folder)
        do {
            try WholeFile.write(bytes, to: file, durably: isKept)
        } catch {
            // A sweep may have taken the empty folder away just now.
            guard error.code == ENOENT else { throw error }
            try WholeFile.makeFolder(folder)
            try WholeFile.write(bytes, to: file, durably: isKept)
        }
        if isKept { try WholeFile.write([], to: FolderPath.joined(folder, Self.keepMark), durably: true) }
        let mustSweep = state.withLock { state in
            state.used? += bytes.count
            guard !state.isSweeping, state.used.map({ $0 > limit }) ?? true else { return false }
            state.isSweeping = true
            return true
        }
        if mustSweep {
            OwnThreads.detach("cache.sweep") { [weak self] in self?.sweep() }
        }
        return Entry(bytes: bytes, modified: FileStatus(path: file)?.modified ?? 0)
    }

    private func absolute(_ name: CacheName) -> String {
        FolderPath.joined(FolderPath.joined(path, name.folder), name.file)
    }

    /// Sets the access time to now and leaves the time of change.
    private func touch(_ file: String, modified: Int) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        utimensat(AT_FDCWD, file, [now, FileTime.moment(modified)], AT_SYMLINK_NOFOLLOW)
    }

    // MARK: - Making room

    private struct Found {
        var folder: String
        var file: String
        var size: Int
        /// Nanoseconds since 1970.
        var used: Int
    }

    /// Counts what there is, and removes what was used longest ago when it is too much.
    func sweep() {
        var found: [Found] = []
        var total = 0
        for level in CacheName.levels {
            for folder in names(level) {
                let folder = FolderPath.joined(level, folder)
                let files = names(folder)
                let isKept = files.contains(Self.keepMark)
                for file in files where CacheName.isOurs(folder: folder, file: file) {
                    guard let status = status(folder, file) else { continue }
                    total += status.size
                    if !isKept { found.append(status) }
                }
            }
        }
        if total > limit {
            let goal = limit / 100 * Self.rest
            found.sort { $0.used < $1.used }
            for file in found where total > goal {
                let folder = FolderPath.joined(path, file.folder)
                guard unlink(FolderPath.joined(folder, file.file)) == 0 else { continue }
                total -= file.size
                // Only an empty one goes.
                rmdir(folder)
            }
        }
        state.withLock { state in
            state.used = total
            state.isSweeping = false
        }
    }

    private func names(_ folder: String) -> [String] {
        guard let directory = opendir(FolderPath.joined(path, folder)) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private func status(_ folder: String, _ file: String) -> Found? {
        var status = stat()
        let path = FolderPath.joined(FolderPath.joined(path, folder), file)
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Glibc)
            let (access, change) = (status.st_atim, status.st_mtim)
        #else
            let (access, change) = (status.st_atimespec, status.st_mtimespec)
        #endif
        return Found(
            folder: folder,
            file: file,
            size: Int(status.st_size),
            used: max(FileTime.number(access), FileTime.number(change))
        )
    }
}
