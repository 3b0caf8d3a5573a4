#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FooocusLog {
    /// Reads the page that is open, and closes it; `nil` when it is no regular file, too long, or cannot be read.
    init?(descriptor: Int32) {
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, let bytes = Self.bytes(descriptor, status) else { return nil }
        self.init(bytes)
    }

    /// All bytes of an open file whose status is known.
    static func bytes(_ descriptor: Int32, _ status: stat) -> [UInt8]? {
        let size = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG, size <= lengthLimit else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        let got = bytes.withUnsafeMutableBytes { FileReading.fill($0, descriptor, limit: size) }
        return got < 0 ? nil : Array(bytes.prefix(got))
    }

    /// The page that was read last, since the pictures of a folder are examined one after the other.
    struct Latest {
        private var number = 0
        private var size = 0
        private var modified = 0
        private var log: FooocusLog?

        init() {}

        /// The page that is open, which is closed; it is read only when it is another one than the last.
        mutating func log(_ descriptor: Int32) -> FooocusLog? {
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return nil }
            let isSame = status.number == number && Int(status.st_size) == size && status.modified == modified
            if !isSame {
                log = FooocusLog.bytes(descriptor, status).map { FooocusLog($0) }
                (number, size, modified) = (status.number, Int(status.st_size), status.modified)
            }
            return log
        }
    }
}
