#if canImport(Glibc)
    import CGlibc
    import Glibc
#else
    import Darwin
#endif

/// Reads and writes files in one piece: a reader of the path sees all of a file or nothing.
package enum WholeFile {
    /// Why a file was not read.
    package enum ReadFailure: Error {
        case system(SystemError)
        case tooLarge(Int)
        case notRegular
    }

    /// Reads a regular file of at most `limit` bytes; links are not followed.
    package static func read(_ path: String, limit: Int) throws(ReadFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(SystemError(code: errno, action: path)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(SystemError(code: errno, action: path)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        let size = Int(status.st_size)
        guard size <= limit else { throw .tooLarge(size) }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Self.read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard code == 0 else { throw .system(SystemError(code: code, action: path)) }
        return bytes
    }

    private static func read(_ descriptor: Int32, _ start: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, start, count)
        #else
            Darwin.read(descriptor, start, count)
        #endif
    }

    /// Writes a file under a temporary name beside it, then gives it its name; what was there before is replaced.
    ///
    /// The temporary name begins with a dot, so that no scan takes it in. When something fails it is removed. Unless it
    /// is written `durably`, a power cut before the next ``flush(_:)`` can leave an empty file under the name.
    static func write(_ bytes: [UInt8], to path: String, durably: Bool = true) throws(SystemError) {
        let folder = FolderPath.parent(path) ?? "."
        let temporary = FolderPath.joined(folder, "." + Identifier.make() + ".part")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: temporary) }
        var done = 0
        var code: Int32 = 0
        while done < bytes.count, code == 0 {
            let wrote = bytes.withUnsafeBytes {
                Self.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if wrote < 0 {
                if errno != EINTR { code = errno }
            } else {
                done += wrote
            }
        }
        if code == 0, durably, fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw SystemError(code: code, action: path)
        }
    }

    private static func write(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }

    /// Waits until all that was written to the file system of a folder is on the disk: one wait for many files.
    static func flush(_ folder: String) throws(SystemError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: folder) }
        defer { close(descriptor) }
        #if canImport(Glibc)
            guard syncfs(descriptor) == 0 else { throw SystemError(code: errno, action: folder) }
        #else
            sync()
        #endif
    }

    /// Makes a folder and those above it; one that is there already is fine.
    static func makeFolder(_ path: String) throws(SystemError) {
        if mkdir(path, 0o755) == 0 { return }
        let code = errno
        if code == ENOENT, let parent = FolderPath.parent(path), !parent.isEmpty {
            try makeFolder(parent)
            if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
            throw SystemError(code: errno, action: path)
        }
        var status = stat()
        guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw SystemError(code: code == EEXIST ? ENOTDIR : code, action: path)
        }
    }
}
