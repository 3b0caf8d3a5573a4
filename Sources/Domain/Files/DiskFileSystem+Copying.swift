#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension DiskFileSystem {
    func copyFile(_ from: String, to: String) throws(SystemError) {
        let source = try FolderHandle(of: from)
        let input = openat(
            source.descriptor,
            FolderPath.name(of: from),
            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        )
        guard input >= 0 else { throw SystemError(code: errno, action: from) }
        defer { close(input) }
        var status = stat()
        guard fstat(input, &status) == 0 else { throw SystemError(code: errno, action: from) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(code: EINVAL, action: from) }
        let target = try FolderHandle(of: to)
        let output = openat(
            target.descriptor,
            FolderPath.name(of: to),
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            0o600
        )
        guard output >= 0 else { throw SystemError(code: errno, action: to) }
        var failure: SystemError?
        do {
            try FileCopy.copy(input, output, from: from, to: to)
            try FileCopy.setAttributes(of: output, to: status, path: to)
            // What its owner may not open cannot be flushed later.
            if status.st_mode & 0o600 == 0, fsync(output) != 0 { failure = SystemError(code: errno, action: to) }
        } catch {
            failure = error
        }
        if close(output) != 0, failure == nil { failure = SystemError(code: errno, action: to) }
        if let failure { throw failure }
    }

    func flushFile(_ path: String) throws(SystemError) {
        let folder = try FolderHandle(of: path)
        let name = FolderPath.name(of: path)
        var descriptor: Int32 = -1
        for access in [O_RDONLY, O_WRONLY] where descriptor < 0 {
            descriptor = openat(folder.descriptor, name, access | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 || errno == EACCES else { throw SystemError(code: errno, action: path) }
        }
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(code: errno, action: path) }
    }
}
