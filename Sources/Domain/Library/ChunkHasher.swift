#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Hashes open files of any size with one buffer; one hasher a thread.
final class ChunkHasher {
    /// What became of reading a file.
    enum Outcome: Sendable {
        case hashed(ContentHash)
        /// It ended before all bytes had come.
        case ended
        /// The system's error number.
        case failed(Int32)
        /// The work is to end.
        case stopped
    }

    private let hasher: ContentHasher
    private let buffer: UnsafeMutableRawBufferPointer
    private let stop: StopFlag

    /// A hasher that reads `chunk` bytes at a time and stops between them when `stop` is set; `nil` when there is no
    /// memory for it.
    init?(chunk: Int, stop: StopFlag) {
        guard let hasher = ContentHasher() else { return nil }
        self.hasher = hasher
        self.stop = stop
        buffer = .allocate(byteCount: chunk, alignment: 64)
    }

    deinit {
        buffer.deallocate()
    }

    /// The next bytes of a file, one chunk and at most `limit`, not hashed; they last until the next call.
    ///
    /// Fewer when the file ends, `nil` when it cannot be read: then `errno` says why.
    func head(_ descriptor: Int32, limit: Int) -> UnsafeRawBufferPointer? {
        let got = FileReading.fill(buffer, descriptor, limit: min(limit, buffer.count))
        return got < 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[..<got])
    }

    /// Hashes a file of `count` bytes: its `head`, where it was read already, and all that follows.
    ///
    /// Adds the bytes to `counted` as they are hashed.
    func hash(
        _ descriptor: Int32,
        count: Int,
        head: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        counted: (Int) -> Void
    ) -> Outcome {
        hasher.reset()
        hasher.update(head)
        if !head.isEmpty { counted(head.count) }
        var left = count - head.count
        while left > 0 {
            if stop.isSet { return .stopped }
            let got = FileReading.fill(buffer, descriptor, limit: min(left, buffer.count))
            guard got >= 0 else { return .failed(errno) }
            guard got > 0 else { return .ended }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            counted(got)
            left -= got
        }
        return hasher.finish().map { .hashed($0) } ?? .failed(ENOMEM)
    }
}
