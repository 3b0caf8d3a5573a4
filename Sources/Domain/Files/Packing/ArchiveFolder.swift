#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder in which archives are kept for a while.
struct ArchiveFolder: Sendable {
    /// Absolute and resolved.
    let path: String
    /// How many archives are kept, the newest of them.
    var limit = 20
    /// How long one is kept.
    var age: Milliseconds = 7 * 86_400_000

    private static let prefix = "iib_batch_download_"
    private static let suffix = ".zip"

    /// Writes an archive under the name of this moment, which no other has; answers its path.
    ///
    /// Old archives go first. What was written is removed when it fails. Throws ``FileError``.
    func keep(_ stream: ZipStream, now: Milliseconds) throws -> String {
        clean(now: now, room: 1)
        let base = FolderPath.joined(path, Self.prefix + Self.stamp(now))
        let hidden = HiddenName.beside(base)
        do {
            try write(stream, to: hidden)
            return try name(hidden, base)
        } catch {
            unlink(hidden)
            throw (error as? SystemError).map { FileError.system($0) } ?? error
        }
    }

    private func name(_ hidden: String, _ base: String) throws -> String {
        let files = DiskFileSystem()
        var name = base + Self.suffix
        var number = 1
        while try files.node(name) != nil, number < 1000 {
            number += 1
            name = "\(base)-\(number)" + Self.suffix
        }
        try files.rename(hidden, to: name)
        return name
    }

    private func write(_ stream: ZipStream, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError(code: errno, action: path) }
        defer { close(descriptor) }
        while let bytes = try stream.read() { try FileCopy.write(bytes, to: descriptor, path: path) }
        guard fsync(descriptor) == 0 else { throw SystemError(code: errno, action: path) }
    }

    /// Removes what is too old or too much, so that there is `room` for so many more, and with none asked for also what
    /// a crash left half written.
    func clean(now: Milliseconds, room: Int = 0) {
        let files = DiskFileSystem()
        guard let names = try? files.names(in: path) else { return }
        if room == 0 {
            for name in names where HiddenName.isHidden(name) { unlink(FolderPath.joined(path, name)) }
        }
        let archives = names.filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.suffix) }
            .compactMap { name in
                (try? files.node(FolderPath.joined(path, name))).flatMap { node in node.map { (name, $0.modified) } }
            }
            .sorted { ($0.1, $0.0) > ($1.1, $1.0) }
        for (index, (name, modified)) in archives.enumerated()
        where index >= limit - room || now - FileTime.milliseconds(modified) > age {
            unlink(FolderPath.joined(path, name))
        }
    }

    /// Local time as `YYYY-MM-DD-HH-MM-SS` (contracts/iib.md §1, zip).
    private static func stamp(_ now: Milliseconds) -> String {
        var seconds = time_t(now / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let numbers = [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ]
        return numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    }
}
