#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads from a descriptor until there is enough.
enum FileReading {
    /// All bytes of a regular file; `nil` when it cannot be read, is longer than `limit`, or shrinks meanwhile.
    static func bytes(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = DirectoryHandle.open(path: path)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) <= limit else {
            return nil
        }
        let size = Int(status.st_size)
        var bytes = [UInt8](repeating: 0, count: size)
        let got = bytes.withUnsafeMutableBytes { fill($0, descriptor, limit: size) }
        return got == size ? bytes : nil
    }

    /// Says that little of the file is read, here and there, so that the system fetches nothing else of it from the disk.
    static func expectScattered(_ descriptor: Int32) {
        #if canImport(Glibc)
            // Advice only: what cannot take it is read as before.
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM)
        #endif
    }

    /// Reads until `buffer` holds `limit` bytes or the file ends; answers how many it holds, or -1 with `errno`.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer, _ descriptor: Int32, limit: Int) -> Int {
        var count = 0
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
}
