#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Computes the contents of one file after the other; one hasher a thread.
final class FileHasher {
    /// What became of reading one file.
    enum Outcome: Sendable {
        case hashed(MediaType, ContentHash, width: Int?, height: Int?)
        /// It is not the file any more that the library knows: it went, changed, or changes now.
        case changed
        case unreadable(SystemError)
        /// The work is to end.
        case stopped
    }

    private static let chunk = 256 * 1024

    private let hasher: ContentHasher
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 64)
    private let stop: StopFlag

    /// A hasher that stops between chunks when `stop` is set; `nil` when there is no memory for it.
    init?(stop: StopFlag) {
        guard let hasher = ContentHasher() else { return nil }
        self.hasher = hasher
        self.stop = stop
    }

    deinit {
        buffer.deallocate()
    }

    /// Reads the file at an absolute path, when it still has the size and the modification time that are known of it.
    ///
    /// Adds the bytes that were hashed to `counted` as they are.
    func hash(_ path: String, size: Int, modified: Int, counted: (Int) -> Void) -> Outcome {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return Self.outcome(errno, path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return Self.outcome(errno, path) }
        guard status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == size, status.modified == modified else {
            return .changed
        }
        let got = FileReading.fill(buffer, descriptor, limit: min(size, Self.chunk))
        guard got >= 0 else { return Self.outcome(errno, path) }
        let head = UnsafeRawBufferPointer(rebasing: buffer[..<got])
        guard got == min(size, Self.chunk),
            let type = MediaType(head: UnsafeRawBufferPointer(rebasing: head.prefix(MediaType.headLength)), size: size)
        else { return .changed }
        var source = ByteSource(head: head, descriptor: descriptor, count: size)
        let header = PictureHeader(&source, type: type)
        if header == nil, type.needsDimensions { return .changed }

        hasher.reset()
        hasher.update(head)
        counted(got)
        var total = got
        while total < size {
            if stop.isSet { return .stopped }
            let got = FileReading.fill(buffer, descriptor, limit: min(size - total, Self.chunk))
            guard got >= 0 else { return Self.outcome(errno, path) }
            guard got > 0 else { return .changed }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            counted(got)
            total += got
        }
        guard fstat(descriptor, &status) == 0, status.modified == modified, Int(status.st_size) == size,
            let hash = hasher.finish()
        else { return .changed }
        return .hashed(type, hash, width: header?.displayWidth, height: header?.displayHeight)
    }

    private static func outcome(_ code: Int32, _ path: String) -> Outcome {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENXIO: .changed
        default: .unreadable(SystemError(code: code, action: path))
        }
    }
}
