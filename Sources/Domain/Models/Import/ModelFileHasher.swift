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

    private let hasher: ChunkHasher

    /// A hasher that stops between chunks when `stop` is set; `nil` when there is no memory for it.
    init?(stop: StopFlag) {
        guard let hasher = ChunkHasher(chunk: 1 << 20, stop: stop) else { return nil }
        self.hasher = hasher
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
        switch hasher.hash(descriptor, count: before.size, counted: counted) {
        case .hashed(let hash):
            let isSame = FileStatus(descriptor: descriptor) == before && FileStatus(path: path) == before
            return isSame ? .hashed(hash, before) : .changed
        case .ended: return .changed
        case .failed: return .unreadable
        case .stopped: return .stopped
        }
    }
}
