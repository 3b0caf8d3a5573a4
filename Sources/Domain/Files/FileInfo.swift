#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// What clients are told of a file or folder (contracts/iib.md §1, FileInfo).
package struct FileInfo: Hashable, Sendable {
    /// Its own name, which may be a link's.
    package var name: String
    /// The absolute path, links resolved.
    package var path: String
    /// Bytes; `nil` for a folder.
    package var size: Int?
    /// When it was last changed, in whole seconds since 1970.
    package var modified: Int
    /// When it was made or, on Linux, came here or last changed in any way, as Python's `st_ctime` has it there; in
    /// whole seconds since 1970.
    package var created: Int
    /// Whether it is a folder of the library or lies in one.
    package var isInLibrary: Bool

    /// What is known of an entry.
    package init(name: String, path: String, size: Int?, modified: Int, created: Int, isInLibrary: Bool) {
        self.name = name
        self.path = path
        self.size = size
        self.modified = modified
        self.created = created
        self.isInLibrary = isInLibrary
    }

    /// Looks at a path, behind links; `nil` when nothing is there or its path is not UTF-8 once resolved.
    ///
    /// `policy` says what is of the library.
    package init?(path: String, policy: PathPolicy) {
        guard let real = try? FolderPath.resolved(path), let facts = Facts(path, in: AT_FDCWD) else { return nil }
        self.init(name: FolderPath.name(of: path), path: real, facts, isInLibrary: policy.isInLibrary(resolved: real))
        if name.isEmpty || name == "." || name == ".." { name = FolderPath.name(of: real) }
    }

    init(name: String, path: String, _ facts: Facts, isInLibrary: Bool) {
        self.init(
            name: name,
            path: path,
            size: facts.isFolder ? nil : facts.size,
            modified: facts.modified,
            created: facts.created,
            isInLibrary: isInLibrary
        )
    }

    /// Whether both are the same, byte by byte; equal texts may be two names.
    func isSame(as other: FileInfo) -> Bool {
        size == other.size && modified == other.modified && created == other.created
            && isInLibrary == other.isInLibrary && FolderPath.areSame(name, other.name)
            && FolderPath.areSame(path, other.path)
    }

    /// The answer of the operating system.
    struct Facts: Sendable {
        var isFolder: Bool
        /// Whether it is a regular file that has no other name, so that it changes under this one only.
        var isPlain: Bool
        var size: Int
        var modified: Int
        var created: Int

        /// Looks at a path from an open folder on, behind links; `nil` when that fails.
        init?(_ path: UnsafePointer<CChar>, in folder: Int32) {
            #if canImport(Glibc)
                var status = statx()
                let flags = Int32(CGLIBC_STATX_AS_KNOWN)
                if statx(folder, path, flags, UInt32(STATX_BASIC_STATS), &status) == 0 {
                    isFolder = UInt32(status.stx_mode) & S_IFMT == S_IFDIR
                    isPlain = UInt32(status.stx_mode) & S_IFMT == S_IFREG && status.stx_nlink == 1
                    size = Int(status.stx_size)
                    modified = Int(status.stx_mtime.tv_sec)
                    created = Int(status.stx_ctime.tv_sec)
                    return
                }
                // A sandbox may refuse the newer call.
                guard errno == ENOSYS || errno == EPERM else { return nil }
            #endif
            var old = stat()
            guard fstatat(folder, path, &old, 0) == 0 else { return nil }
            isFolder = old.st_mode & S_IFMT == S_IFDIR
            isPlain = old.st_mode & S_IFMT == S_IFREG && old.st_nlink == 1
            size = Int(old.st_size)
            #if canImport(Glibc)
                modified = Int(old.st_mtim.tv_sec)
                created = Int(old.st_ctim.tv_sec)
            #else
                modified = Int(old.st_mtimespec.tv_sec)
                created = Int(old.st_birthtimespec.tv_sec)
            #endif
        }
    }
}
