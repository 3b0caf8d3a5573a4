#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension MediaKind {
    /// Whether a regular file's first bytes are those of this kind, whatever its name says; links are followed.
    ///
    /// False for what cannot be read. Blocks.
    package func isContent(of path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return withUnsafeTemporaryAllocation(byteCount: MediaType.headLength, alignment: 16) { head in
            let count = FileReading.fill(head, descriptor, limit: head.count)
            guard count > 0 else { return false }
            let start = UnsafeRawBufferPointer(rebasing: head.prefix(count))
            return MediaType(head: start, size: Int(status.st_size)).flatMap { MediaKind($0) } == self
        }
    }
}
