#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// Copies bytes and attributes between open files.
enum FileCopy {
    /// Bytes copied by one call.
    private static let piece = 1 << 20

    /// Copies everything from one descriptor to the other; file systems that share blocks copy none.
    static func copy(_ input: Int32, _ output: Int32, from: String, to: String) throws(SystemError) {
        #if canImport(Glibc)
            var copied = 0
            while true {
                let count = copy_file_range(input, nil, output, nil, 1 << 30, 0)
                if count == 0 {
                    // Some file systems answer 0 where they cannot do it.
                    if copied == 0 { break }
                    return
                }
                if count > 0 {
                    copied += count
                    continue
                }
                if errno == EINTR { continue }
                guard copied == 0, [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EBADF, EPERM].contains(errno) else {
                    throw SystemError(code: errno, action: to)
                }
                break
            }
        #endif
        try copyPieces(input, output, from: from, to: to)
    }

    private static func copyPieces(_ input: Int32, _ output: Int32, from: String, to: String) throws(SystemError) {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: piece, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let got = read(input, buffer, piece)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError(code: errno, action: from) }
            if got == 0 { return }
            try write(UnsafeRawBufferPointer(start: buffer, count: got), to: output, path: to)
        }
    }

    /// Writes bytes to an open file; `path` is for the error.
    static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(SystemError) {
        let code = bytes.withUnsafeBytes { Self.errorOfWriting($0, to: descriptor) }
        if code != 0 { throw SystemError(code: code, action: path) }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        path: String
    ) throws(SystemError) {
        let code = errorOfWriting(bytes, to: descriptor)
        if code != 0 { throw SystemError(code: code, action: path) }
    }

    private static func errorOfWriting(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var left = bytes[...]
        while !left.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: left)
            #if canImport(Glibc)
                let wrote = Glibc.write(descriptor, part.baseAddress, part.count)
            #else
                let wrote = Darwin.write(descriptor, part.baseAddress, part.count)
            #endif
            if wrote < 0, errno == EINTR { continue }
            if wrote < 0 { return errno }
            left = left.dropFirst(wrote)
        }
        return 0
    }

    /// Gives an open file or folder the permissions and times of `status`.
    ///
    /// Bits that let it run as someone else are left out.
    static func setAttributes(of descriptor: Int32, to status: stat, path: String) throws(SystemError) {
        #if canImport(Glibc)
            let times = [status.st_atim, status.st_mtim]
        #else
            let times = [status.st_atimespec, status.st_mtimespec]
        #endif
        guard fchmod(descriptor, status.st_mode & 0o777) == 0 || errno == EPERM || errno == EOPNOTSUPP,
            futimens(descriptor, times) == 0
        else { throw SystemError(code: errno, action: path) }
    }
}
