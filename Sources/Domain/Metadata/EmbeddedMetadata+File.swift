#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension EmbeddedMetadata {
    /// How many first bytes of a file are read at once.
    private static let fileHeadLength = 16 * 1024

    /// Reads what the file at an absolute path says of itself; `nil` for a file that is no media file.
    ///
    /// A link at the path itself is not followed, and a pipe is not waited for. Throws the system's error when the
    /// file cannot be opened or read; anything but a regular file is no media file.
    package static func read(path: String) throws(SystemError) -> EmbeddedMetadata? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(code: errno, action: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(status.st_size)
        let wanted = min(size, fileHeadLength)
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            let got = pread(descriptor, buffer.baseAddress, wanted, 0)
            if got < 0 { code = errno }
            filled = max(0, got)
        }
        guard code == 0 else { throw SystemError(code: code, action: path) }
        return bytes.withUnsafeBytes { head in
            let start = UnsafeRawBufferPointer(rebasing: head.prefix(MediaType.headLength))
            guard let type = MediaType(head: start, size: size) else { return nil }
            var source = ByteSource(head: head, descriptor: descriptor, count: size)
            return read(&source, type: type)
        }
    }
}
