#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What lies in one directory, sorted by the bytes of the names.
///
/// Names stay bytes in one block of memory, so that a directory of 100,000 files costs a few megabytes and no
/// allocation a file. Links are not followed. Names that begin with a dot are left out.
struct DirectoryListing {
    /// A regular file.
    struct File {
        fileprivate var start: Int32
        fileprivate var length: Int32
        /// Bytes; -1 when the file could not be looked at.
        var size: Int
        /// Modification time in nanoseconds since 1970.
        var modified: Int
        var inode: Int
    }

    private(set) var files: [File] = []
    /// Names of directories; only those that are UTF-8.
    private(set) var folders: [String] = []
    /// Names of symbolic links; only those that are UTF-8.
    private(set) var links: [String] = []
    /// How many names are not UTF-8 and were left out, and one of them with its wrong bytes replaced.
    private(set) var unnamed: (count: Int, example: String) = (0, "")
    /// The device number of the file system.
    private(set) var device = 0
    /// When the directory was last changed, in nanoseconds since 1970, as of before it was read.
    private(set) var modified = 0
    /// Whether a name ends in `.txt`, so that a file may have a side-car.
    private var hasTexts = false
    /// Whether there is a page of Fooocus.
    private var hasLog = false
    /// The page of Fooocus that lies in the directory.
    private var log: FooocusLog?
    private var names: [UInt8] = []

    /// Reads a directory; throws ``SystemError`` when that fails, also half-way.
    init(path: String) throws(SystemError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: path) }
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw SystemError(code: code, action: path)
        }
        defer { closedir(stream) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(code: errno, action: path) }
        device = Int(bitPattern: UInt(status.st_dev))
        modified = status.modified
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError(code: errno, action: path) }
                break
            }
            add(entry, descriptor)
        }
        if hasLog { log = FooocusLog(descriptor: openat(descriptor, FooocusLog.name, Self.logFlags)) }
        sort()
    }

    private static let logFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC

    private mutating func add(_ entry: UnsafeMutablePointer<dirent>, _ descriptor: Int32) {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
        let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        let length = strlen(name)
        // Names are at most 255 bytes; 1 GiB of them in one directory is past what a position can hold.
        guard name[0] != CChar(bitPattern: UInt8(ascii: ".")), names.count < 1 << 30 else { return }
        var status = stat()
        var type = Int32(entry.pointee.d_type)
        if type == Int32(DT_UNKNOWN) || type == Int32(DT_REG) {
            if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
                type = Int32(status.st_mode & S_IFMT) >> 12
            } else if errno == ENOENT {
                return
            } else {
                status.st_size = -1
                type = Int32(DT_REG)
            }
        }
        switch type {
        case Int32(DT_REG):
            let start = Int32(names.count)
            let bytes = UnsafeRawBufferPointer(start: name, count: length)
            names.append(contentsOf: bytes)
            hasTexts = hasTexts || bytes.suffix(4).elementsEqual(Self.textSuffix)
            hasLog = hasLog || bytes.elementsEqual(FooocusLog.name.utf8)
            files.append(
                File(
                    start: start,
                    length: Int32(length),
                    size: Int(status.st_size),
                    modified: status.modified,
                    inode: Int(truncatingIfNeeded: status.st_ino)
                )
            )
        case Int32(DT_DIR): if let text = text(name, length) { folders.append(text) }
        case Int32(DT_LNK): if let text = text(name, length) { links.append(text) }
        default: break
        }
    }

    private mutating func text(_ name: UnsafePointer<CChar>, _ length: Int) -> String? {
        let bytes = UnsafeRawBufferPointer(start: name, count: length)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        unnamed = (unnamed.count + 1, String(decoding: bytes, as: UTF8.self))
        return nil
    }

    private mutating func sort() {
        names.withUnsafeBytes { names in
            files.sort { Self.order($0, $1, names) < 0 }
        }
        folders.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func order(_ left: File, _ right: File, _ names: UnsafeRawBufferPointer) -> Int32 {
        guard let start = names.baseAddress else { return 0 }
        let common = Int(min(left.length, right.length))
        let order = memcmp(start + Int(left.start), start + Int(right.start), common)
        return order == 0 ? left.length - right.length : order
    }

    /// How the name of a file stands to a text in byte order: negative before, zero equal, positive after.
    func order(_ file: File, _ text: borrowing String) -> Int32 {
        names.withUnsafeBytes { names in
            guard let start = names.baseAddress else { return 0 }
            var text = copy text
            return text.withUTF8 { text in
                let common = min(Int(file.length), text.count)
                let order = text.baseAddress.map { memcmp(start + Int(file.start), $0, common) } ?? 0
                return order == 0 ? file.length - Int32(text.count) : order
            }
        }
    }

    private static let textSuffix = Array(".txt".utf8)

    /// A number that is another one when the text beside a file may be another one; `nil` when there is none.
    ///
    /// It is when the side-car was changed, else the mark of what the ``FooocusLog`` of the directory says of the file.
    func sidecarMark(of file: File) -> Int? {
        if let sidecar = sidecar(of: file) { return sidecar.modified }
        guard let log, let name = name(file) else { return nil }
        return log.mark(of: name)
    }

    /// The side-car of a file: the one of the same name with `.txt` in place of the suffix; `nil` when there is none.
    func sidecar(of file: File) -> File? {
        guard hasTexts else { return nil }
        return names.withUnsafeBytes { names -> File? in
            let name = names[Int(file.start)..<Int(file.start + file.length)]
            guard let dot = name.lastIndex(of: UInt8(ascii: ".")), !name[dot...].elementsEqual(Self.textSuffix) else {
                return nil
            }
            let wanted = name[..<dot] + Self.textSuffix
            var (low, high) = (0, files.count)
            while low < high {
                let middle = (low + high) / 2
                let other = names[Int(files[middle].start)..<Int(files[middle].start + files[middle].length)]
                if other.lexicographicallyPrecedes(wanted) { low = middle + 1 } else { high = middle }
            }
            guard low < files.count else { return nil }
            let found = files[low]
            let other = names[Int(found.start)..<Int(found.start + found.length)]
            return other.elementsEqual(wanted) && found.size >= 0 ? found : nil
        }
    }

    /// The name of a file; `nil` when it is not UTF-8.
    func name(_ file: File) -> String? {
        names.withUnsafeBytes { names in
            String(validating: names[Int(file.start)..<Int(file.start + file.length)], as: UTF8.self)
        }
    }

    /// The name of a file for people, with wrong bytes replaced.
    func displayName(_ file: File) -> String {
        names.withUnsafeBytes { names in
            String(decoding: names[Int(file.start)..<Int(file.start + file.length)], as: UTF8.self)
        }
    }
}
