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

    private let hasher: ChunkHasher

    /// A hasher that stops between chunks when `stop` is set; `nil` when there is no memory for it.
    init?(stop: StopFlag) {
        guard let hasher = ChunkHasher(chunk: Self.chunk, stop: stop) else { return nil }
        self.hasher = hasher
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
        guard let head = hasher.head(descriptor, limit: size) else { return Self.outcome(errno, path) }
        guard head.count == min(size, Self.chunk),
            let type = MediaType(head: UnsafeRawBufferPointer(rebasing: head.prefix(MediaType.headLength)), size: size)
        else { return .changed }
        var source = ByteSource(head: head, descriptor: descriptor, count: size)
        let header = PictureHeader(&source, type: type)
        if header == nil, type.needsDimensions { return .changed }

        switch hasher.hash(descriptor, count: size, head: head, counted: counted) {
        case .hashed(let hash):
            guard fstat(descriptor, &status) == 0, status.modified == modified, Int(status.st_size) == size
            else { return .changed }
            return .hashed(type, hash, width: header?.displayWidth, height: header?.displayHeight)
        case .ended: return .changed
        case .failed(let code): return Self.outcome(code, path)
        case .stopped: return .stopped
        }
    }

    private static func outcome(_ code: Int32, _ path: String) -> Outcome {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENXIO: .changed
        default: .unreadable(SystemError(code: code, action: path))
        }
    }
}
