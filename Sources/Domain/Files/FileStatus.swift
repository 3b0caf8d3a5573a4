#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the file system says of a regular file.
package struct FileStatus: Hashable, Sendable {
    /// Bytes.
    package var size: Int
    /// When it was last changed, in nanoseconds since 1970-01-01 UTC (``FileTime``).
    package var modified: Int

    /// What is known of a file from elsewhere.
    init(size: Int, modified: Int) {
        self.size = size
        self.modified = modified
    }

    /// Looks at a file, behind symbolic links: `nil` when there is none that can be read, or when it is no regular one.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(path, R_OK) == 0 else { return nil }
        size = Int(status.st_size)
        modified = status.modified
    }

    /// Looks at an open file; `nil` when it is no regular one.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = Int(status.st_size)
        modified = status.modified
    }
}
