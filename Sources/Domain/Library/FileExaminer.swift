#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Recognises and describes one file after the other from what it says of itself; one examiner a thread.
///
/// Bodies are not read: that is ``FileHasher``'s.
final class FileExaminer {
    /// What became of looking at one file.
    enum Outcome {
        case found(MediaDescription?, size: Int, modified: Int, inode: Int)
        /// Its name is that of a picture or a sound and its bytes say something else, such as those of a picture of this
        /// type with a broken header: nothing for the library, but searches find it.
        case broken(MediaDescription, MediaType?, size: Int, modified: Int, inode: Int)
        /// Readable, but nothing for the library.
        case foreign
        /// It says that it is a picture, but its header is broken.
        case corrupt(MediaType)
        /// It is no longer there, or no longer a regular file.
        case vanished
        /// It was written to while it was read.
        case unsettled
        case unreadable(Int32)
    }

    /// How many first bytes are read at once; what metadata lies behind them is read where it is.
    ///
    /// Most files say all within these, and of a file that is not in memory every further page costs time.
    private static let chunk = 8 * 1024
    /// A longer side-car is no description of a picture.
    static let sidecarLimit = 1 << 20

    private let reader: MediaReader
    private var latestLog = FooocusLog.Latest()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 64)

    init(reader: MediaReader) {
        self.reader = reader
    }

    deinit {
        buffer.deallocate()
    }

    /// Examines the file that `open` opens; `path` is its own.
    ///
    /// `sidecar` opens its side-car, and `log` the ``FooocusLog`` of its folder; `nil` where there is none.
    func examine(
        open: () -> Int32,
        sidecar: (() -> Int32)?,
        log: (() -> Int32)?,
        path: () -> String
    ) -> Outcome {
        let descriptor = open()
        guard descriptor >= 0 else { return Self.outcome(errno) }
        defer { close(descriptor) }
        var before = stat()
        guard fstat(descriptor, &before) == 0 else { return Self.outcome(errno) }
        guard before.st_mode & S_IFMT == S_IFREG else { return .vanished }
        let size = Int(before.st_size)
        FileReading.expectScattered(descriptor)
        let got = FileReading.fill(buffer, descriptor, limit: min(size, Self.chunk))
        guard got >= 0 else { return Self.outcome(errno) }
        let head = UnsafeRawBufferPointer(rebasing: buffer[..<got])
        let type = MediaType(head: UnsafeRawBufferPointer(rebasing: head.prefix(MediaType.headLength)), size: size)
        let named = type == nil ? MediaKind(brokenName: FolderPath.name(of: path())) : nil
        if type == nil, named == nil { return .foreign }
        guard got == min(size, Self.chunk) else { return .unsettled }
        var source = ByteSource(head: head, descriptor: descriptor, count: size)
        let reading =
            type.map { type in
                reader.read(
                    &source,
                    type: type,
                    sidecar: sidecar.flatMap { Self.text($0()) },
                    log: { log.flatMap { latestLog.log($0())?.parameters(of: FolderPath.name(of: path())) } },
                    path: path
                )
            } ?? .corrupt
        var after = stat()
        guard fstat(descriptor, &after) == 0, after.modified == before.modified, Int(after.st_size) == size else {
            return .unsettled
        }
        switch reading {
        case .corrupt:
            guard let kind = named ?? MediaKind(brokenName: FolderPath.name(of: path())) else {
                return type.map { .corrupt($0) } ?? .foreign
            }
            let description = reader.describe(broken: kind, sidecar: sidecar.flatMap { Self.text($0()) })
            return .broken(description, type, size: size, modified: after.modified, inode: after.number)
        case .unlisted: return .found(nil, size: size, modified: after.modified, inode: after.number)
        case .described(let description):
            return .found(description, size: size, modified: after.modified, inode: after.number)
        }
    }

    /// The text of a side-car, wrong bytes replaced; `nil` when it cannot be read or is too long for one.
    private static func text(_ descriptor: Int32) -> String? {
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= sidecarLimit
        else { return nil }
        let size = Int(status.st_size)
        var bytes = [UInt8](repeating: 0, count: size)
        let got = bytes.withUnsafeMutableBytes { FileReading.fill($0, descriptor, limit: size) }
        return got < 0
            ? nil : bytes.withUnsafeBytes { MetadataText.file(UnsafeRawBufferPointer(rebasing: $0.prefix(got))) }
    }

    private static func outcome(_ code: Int32) -> Outcome {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENXIO: .vanished
        default: .unreadable(code)
        }
    }
}

extension FileExaminer.Outcome {
    /// What the index keeps of the file, and how it was then; `nil` when that is nothing.
    var indexed: (description: MediaDescription, size: Int, modified: Int, inode: Int)? {
        switch self {
        case .found(let description?, let size, let modified, let inode),
            .broken(let description, _, let size, let modified, let inode):
            (description, size, modified, inode)
        default: nil
        }
    }
}

extension stat {
    /// The number of the inode.
    var number: Int { Int(truncatingIfNeeded: st_ino) }
}
