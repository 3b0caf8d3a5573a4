#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Computes the hashes of model files, which may be of any size; one hasher a thread.
///
/// It sees each file as a whole: one that is written meanwhile has no hash.
final class ModelFileHasher {
    /// What became of reading one file.
    enum Outcome: Sendable {
        /// The hash of the file as it was with this size and time.
        case hashed(ContentHash, FileStatus)
        /// It was written while it was read.
        case changed
        /// It is missing, no regular file, or cannot be read.
        case unreadable
        /// The work is to end.
        case stopped
    }

    private static let chunk = 1 << 20

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

    /// Reads the file at an absolute path, behind symbolic links; adds bytes to `counted` as they are hashed.
    func hash(_ path: String, counted: (Int) -> Void) -> Outcome {
        // Not blocking: a pipe at the path would otherwise keep the thread for ever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return .unreadable }
        defer { close(descriptor) }
        guard let before = FileStatus(descriptor: descriptor) else { return .unreadable }
        #if canImport(Glibc)
            // Only a hint: the kernel reads further ahead.
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        #endif
        hasher.reset()
        var left = before.size
        while left > 0 {
            if stop.isSet { return .stopped }
            let got = FileReading.fill(buffer, descriptor, limit: min(left, Self.chunk))
            guard got >= 0 else { return .unreadable }
            guard got > 0 else { return .changed }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            counted(got)
            left -= got
        }
        guard FileStatus(descriptor: descriptor) == before, FileStatus(path: path) == before else { return .changed }
        guard let hash = hasher.finish() else { return .unreadable }
        return .hashed(hash, before)
    }
}
