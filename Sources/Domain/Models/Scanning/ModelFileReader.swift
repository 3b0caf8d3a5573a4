#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads the headers of model files, one after the other, with one buffer.
final class ModelFileReader {
    /// A file as it was found.
    struct File: Sendable {
        /// Bytes.
        var size: Int
        /// Modification time in nanoseconds since 1970.
        var modified: Int
        var info: ModelFileInfo
    }

    private let head: UnsafeMutableRawBufferPointer

    init() {
        head = .allocate(byteCount: ModelFileInfo.headLength, alignment: 16)
    }

    deinit {
        head.deallocate()
    }

    /// Reads the header of the regular file at a path, links followed; throws ``SystemError`` when that fails.
    func read(_ path: String) throws(SystemError) -> File {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(code: errno, action: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(code: EINVAL, action: path) }
        let size = Int(status.st_size)
        FileReading.expectScattered(descriptor)
        let got = pread(descriptor, head.baseAddress, head.count, 0)
        guard got >= 0 else { throw SystemError(code: errno, action: path) }
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(head).prefix(min(got, size)))
        var source = ByteSource(head: bytes, descriptor: descriptor, count: size)
        return File(size: size, modified: status.modified, info: ModelFileInfo.read(&source))
    }
}
