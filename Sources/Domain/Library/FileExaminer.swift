#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Recognises, measures and hashes one file after the other; one examiner a thread.
final class FileExaminer {
    /// What became of looking at one file.
    enum Outcome {
        case found(MediaType, ContentHash, width: Int?, height: Int?, size: Int, modified: Int)
        /// Readable, but nothing for the library.
        case foreign
        /// It says that it is a picture, but its header is broken.
        case corrupt(MediaType)
        /// It is no longer there, or no longer a regular file.
        case vanished
        /// It was written to while it was read.
        case unsettled
        case unreadable(SystemError)
        /// The scan is to end.
        case stopped
    }

    private static let chunk = 256 * 1024

    private let hasher: ContentHasher
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 64)
    private let stop: StopFlag

    /// An examiner that stops between chunks when `stop` is set; `nil` when there is no memory for it.
    init?(stop: StopFlag) {
        guard let hasher = ContentHasher() else { return nil }
        self.hasher = hasher
        self.stop = stop
    }

    deinit {
        buffer.deallocate()
    }

    /// Examines the file at an absolute path; links are not followed, pipes and devices are not opened for long.
    ///
    /// Adds the bytes that were hashed to `bytes` as they are.
    func examine(_ path: String, hashed: (Int) -> Void) -> Outcome {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return Self.outcome(errno, path) }
        defer { close(descriptor) }
        var before = stat()
        guard fstat(descriptor, &before) == 0 else { return Self.outcome(errno, path) }
        guard before.st_mode & S_IFMT == S_IFREG else { return .vanished }
        let size = Int(before.st_size)

        let got = fill(descriptor, limit: min(size, MediaType.headLength))
        guard got >= 0 else { return Self.outcome(errno, path) }
        guard let type = MediaType(head: UnsafeRawBufferPointer(rebasing: buffer[..<got]), size: size) else {
            return .foreign
        }
        let head = fill(descriptor, from: got, limit: min(size, Self.chunk))
        guard head >= 0 else { return Self.outcome(errno, path) }
        guard head == min(size, Self.chunk) else { return .unsettled }
        var source = ByteSource(
            head: UnsafeRawBufferPointer(rebasing: buffer[..<head]),
            descriptor: descriptor,
            count: size
        )
        let header = PictureHeader(&source, type: type)
        if header == nil, type.needsDimensions { return .corrupt(type) }

        hasher.reset()
        hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<head]))
        hashed(head)
        var total = head
        while total < size {
            if stop.isSet { return .stopped }
            let got = fill(descriptor, limit: min(size - total, Self.chunk))
            guard got >= 0 else { return Self.outcome(errno, path) }
            guard got > 0 else { return .unsettled }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            hashed(got)
            total += got
        }
        var after = stat()
        guard fstat(descriptor, &after) == 0, Self.modified(after) == Self.modified(before), after.st_size == size,
            let hash = hasher.finish()
        else { return .unsettled }
        return .found(
            type,
            hash,
            width: header?.displayWidth,
            height: header?.displayHeight,
            size: size,
            modified: Self.modified(after)
        )
    }

    /// Reads until the buffer holds `limit` bytes or the file ends; answers how many it holds, or -1.
    private func fill(_ descriptor: Int32, from start: Int = 0, limit: Int) -> Int {
        var count = start
        while count < limit {
            let got = read(descriptor, buffer.baseAddress?.advanced(by: count), limit - count)
            if got < 0 {
                if errno == EINTR { continue }
                return -1
            }
            if got == 0 { break }
            count += got
        }
        return count
    }

    private static func modified(_ status: stat) -> Int {
        #if canImport(Glibc)
            let time = status.st_mtim
        #else
            let time = status.st_mtimespec
        #endif
        return Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
    }

    private static func outcome(_ code: Int32, _ path: String) -> Outcome {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENXIO: .vanished
        default: .unreadable(SystemError(code: code, action: path))
        }
    }
}
