#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A pipe by which other threads wake one that waits in `poll`.
final class WakePipe: Sendable {
    /// The end to wait on.
    let descriptor: CInt
    private let end: CInt

    /// Opens the pipe; throws ``SystemError``, in which `purpose` says what it is for.
    init(for purpose: String) throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(code: errno, action: "a pipe for \(purpose)") }
        (descriptor, end) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(descriptor)
        close(end)
    }

    /// Wakes the thread; a full pipe wakes it just as well.
    func wake() {
        var byte: UInt8 = 1
        _ = write(end, &byte, 1)
    }

    /// Takes what woke the thread.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
