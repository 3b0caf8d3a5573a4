#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An open directory, from which files are opened by their names alone.
final class DirectoryHandle: Sendable {
    private let descriptor: Int32

    /// Opens a directory; throws ``SystemError``.
    init(path: String) throws(SystemError) {
        descriptor = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: path) }
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file for reading and answers its descriptor, or -1 with `errno`.
    ///
    /// Links are not followed; pipes and devices do not block.
    func open(_ name: String) -> Int32 { openat(descriptor, name, Self.flags) }

    /// Opens a file by its absolute path, as ``open(_:)`` does.
    static func open(path: String) -> Int32 { openat(AT_FDCWD, path, flags) }

    private static let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
}
