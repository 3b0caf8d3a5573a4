#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// An open folder that was reached without following a link.
///
/// A path that was judged may change before it is used: who swaps a folder on it for a link afterwards reaches nothing,
/// because every step of the way is opened by itself.
struct FolderHandle: ~Copyable {
    let descriptor: Int32

    /// Opens a folder by an absolute, resolved path; one that `lists` can be read and flushed, not only passed.
    ///
    /// Throws `ENOTDIR` when a step is a link or no folder, `EINVAL` for a path with `.` or `..` in it.
    init(_ path: String, lists: Bool = false) throws(SystemError) {
        #if canImport(Glibc)
            let pass = Int32(CGLIBC_O_PATH) | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        #else
            let pass = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        #endif
        let read = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let parts = FolderPath.parts(path)
        guard path.utf8.first == UInt8(ascii: "/"), !parts.contains("."), !parts.contains("..") else {
            throw SystemError(code: EINVAL, action: path)
        }
        var current = open("/", parts.isEmpty && lists ? read : pass)
        guard current >= 0 else { throw SystemError(code: errno, action: path) }
        for (index, part) in parts.enumerated() {
            let next = openat(current, part, lists && index == parts.count - 1 ? read : pass)
            let code = errno
            close(current)
            guard next >= 0 else { throw SystemError(code: code, action: path) }
            current = next
        }
        descriptor = current
    }

    /// Opens the folder in which `path` lies; throws as ``init(_:lists:)``.
    init(of path: String, lists: Bool = false) throws(SystemError) {
        try self.init(FolderPath.folder(of: path), lists: lists)
    }

    deinit {
        close(descriptor)
    }

    /// What lies under a name, links not followed; `nil` when nothing does.
    borrowing func node(_ name: String, path: String) throws(SystemError) -> FileNode? {
        var status = stat()
        if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return FileNode(status) }
        if errno == ENOENT { return nil }
        throw SystemError(code: errno, action: path)
    }
}
