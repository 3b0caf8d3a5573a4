#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What watching needs to know of a folder's entries.
///
/// Links are not followed, names that begin with a dot left out.
struct FolderEntries {
    /// Names of the folders in it; only those that are UTF-8.
    private(set) var folders: [String] = []
    /// Changes when a file in it is added, removed, replaced or written, or a folder added or removed.
    ///
    /// It does not depend on the order of the entries, and means nothing to another process.
    private(set) var digest = 0

    /// Reads a folder; `nil` when it cannot be read to its end.
    ///
    /// With `digests` each entry is looked at.
    init?(path: String, digests: Bool, isExcluded: (String) -> Bool) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return nil
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { return nil }
                break
            }
            add(entry, descriptor, digests, isExcluded)
        }
    }

    private mutating func add(
        _ entry: UnsafeMutablePointer<dirent>,
        _ descriptor: Int32,
        _ digests: Bool,
        _ isExcluded: (String) -> Bool
    ) {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
        let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        guard name[0] != CChar(bitPattern: UInt8(ascii: ".")) else { return }
        let bytes = UnsafeRawBufferPointer(start: name, count: strlen(name))
        var isFolder = entry.pointee.d_type == UInt8(DT_DIR)
        var hasher = Hasher()
        if digests || entry.pointee.d_type == UInt8(DT_UNKNOWN) {
            var status = stat()
            guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
            isFolder = status.st_mode & S_IFMT == S_IFDIR
            hasher.combine(status.st_mode)
            hasher.combine(status.st_ino)
            if !isFolder {
                #if canImport(Glibc)
                    let time = status.st_mtim
                #else
                    let time = status.st_mtimespec
                #endif
                hasher.combine(time.tv_sec)
                hasher.combine(time.tv_nsec)
                hasher.combine(status.st_size)
            }
        }
        guard isFolder || digests else { return }
        let text = String(validating: bytes, as: UTF8.self)
        if let text, isExcluded(text) { return }
        if isFolder, let text { folders.append(text) }
        if digests {
            hasher.combine(bytes: bytes)
            digest &+= hasher.finalize()
        }
    }
}
