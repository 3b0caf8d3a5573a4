#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What lies at a path: what it is, and by what it is known again under another name.
struct FileNode: Hashable, Codable, Sendable {
    enum Kind: String, Codable, Sendable {
        case file
        case folder
        case link
        /// A pipe, a socket or a device.
        case other
    }

    var kind: Kind
    /// The device of its file system.
    var device: UInt64
    /// Its number there.
    var inode: UInt64
    /// Bytes.
    var size: Int
    /// When it was last changed, in nanoseconds since 1970-01-01 UTC (``FileTime``).
    var modified: Int
    /// Its permission bits.
    var mode: UInt32

    /// What `lstat` says.
    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = status.modified
        mode = UInt32(status.st_mode) & 0o7777
    }

    /// Whether both are one thing: of one number, or, where a file system gives a moved thing a new number, alike.
    ///
    /// A folder changes when something in it does, so it is known by its number alone.
    func isSame(as other: FileNode) -> Bool {
        guard kind == other.kind else { return false }
        if device == other.device, inode == other.inode { return true }
        return kind != .folder && size == other.size && modified == other.modified
    }
}
