#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// A regular file that is open for reading, for as long as someone holds it.
package final class ReadFile: Sendable {
    private let path: String
    private let descriptor: Int32
    /// Bytes, when it was opened.
    package let size: Int

    /// Opens the file at a path, behind symbolic links; throws ``SystemError`` when that fails or it is no regular file.
    package init(path: String) throws(SystemError) {
        // A pipe in its place does not block.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: path) }
        guard let status = FileStatus(descriptor: descriptor) else {
            close(descriptor)
            throw SystemError(code: EINVAL, action: path)
        }
        self.path = path
        self.descriptor = descriptor
        size = status.size
    }

    deinit { close(descriptor) }

    /// Reads what stands at `offset` until the buffer is full or the file has ended, and waits for the disk.
    ///
    /// Answers how many bytes those are. Throws ``SystemError``.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemError) -> Int {
        var count = 0
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError(code: errno, action: path) }
            guard got > 0 else { break }
            count += got
        }
        return count
    }

    /// The same without waiting for the disk: `nil` when not all of it lies in memory, or the system cannot tell.
    package func readCached(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
        #if canImport(Glibc)
            var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            let got = preadv2(descriptor, &part, 1, off_t(offset), Int32(CGLIBC_READ_NOWAIT))
            return got == buffer.count ? got : nil
        #else
            return nil
        #endif
    }
}
