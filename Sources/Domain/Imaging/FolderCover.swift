#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A picture or video that stands for the folder it lies in.
package struct FolderCover: Hashable, Sendable {
    /// How many stand for one folder (contracts/iib.md, Beyond the seed).
    package static let count = 4

    package var name: String
    /// The absolute path.
    package var path: String
    package var kind: MediaKind
    /// Seconds since 1970.
    package var modified: Int
    /// When it came here or last changed in any way, in seconds since 1970.
    package var created: Int

    /// The newest pictures and videos that lie in a folder itself, newest first; told by their names, videos by their
    /// contents too.
    ///
    /// Empty for what is no folder. `mayRead` judges each that is shown, since a link may lead anywhere. Blocks.
    package static func newest(
        in folder: String,
        limit: Int = count,
        mayRead: (String) -> Bool = { _ in true }
    ) -> [FolderCover] {
        guard let real = try? FolderPath.resolvedFolder(folder), let directory = opendir(real) else { return [] }
        defer { closedir(directory) }
        var newest: [(cover: FolderCover, time: Int)] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name, let kind = MediaKind(name: name), kind != .audio else { continue }
            var status = stat()
            guard fstatat(dirfd(directory), name, &status, 0) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            #if canImport(Glibc)
                let (change, modification) = (status.st_ctim, status.st_mtim)
            #else
                let (change, modification) = (status.st_ctimespec, status.st_mtimespec)
            #endif
            let time = FileTime.number(change)
            let place = newest.firstIndex { ($0.time, name) < (time, $0.cover.name) } ?? newest.count
            guard place < limit else { continue }
            let path = FolderPath.joined(real, name)
            guard mayRead(path), kind != .video || kind.isContent(of: path) else { continue }
            let cover = FolderCover(
                name: name,
                path: path,
                kind: kind,
                modified: Int(modification.tv_sec),
                created: Int(change.tv_sec)
            )
            newest.insert((cover, time), at: place)
            if newest.count > limit { newest.removeLast() }
        }
        return newest.map(\.cover)
    }
}
