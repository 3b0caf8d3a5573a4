#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Reads from a descriptor until there is enough.
enum FileReading {
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
