#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What lies in one folder, in the order of the file system, hidden files included.
///
/// Links are shown as what they lead to, under their own names; those that lead nowhere are left out, and so are names
/// that are not UTF-8, which no client could send back, and what `policy` does not show.
package struct FileListing: Sendable {
    /// The folder's path, links resolved.
    package let folder: String
    package private(set) var entries: [FileInfo] = []

    /// Reads a folder, given by an absolute path.
    ///
    /// A folder that does not exist, or that cannot be reached, has no entries. Throws ``FileError/forbidden(_:)`` for one that `policy` does not
    /// show, ``FileError/system(_:)`` when it is no folder or cannot be read.
    package init(folder given: String, policy: PathPolicy) throws(FileError) {
        guard policy.mayShow(given) else { throw .forbidden(given) }
        // What cannot be reached is as good as not there, as Python's `os.path.exists` has it.
        guard let real = try? FolderPath.resolved(given) else {
            folder = given
            return
        }
        folder = real
        let descriptor = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            let code = errno
            if descriptor >= 0 { close(descriptor) }
            throw .system(SystemError(code: code, action: given))
        }
        defer { closedir(stream) }
        let scope = Scope(
            showsAll: policy.mayRead(resolved: real),
            isInLibrary: policy.isInLibrary(resolved: real),
            policy: policy
        )
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .system(SystemError(code: errno, action: given)) }
                return
            }
            add(entry, descriptor, scope)
        }
    }

    /// What holds for a whole folder, so that most entries need not be judged one by one.
    private struct Scope {
        var showsAll: Bool
        var isInLibrary: Bool
        var policy: PathPolicy
    }

    private mutating func add(_ entry: UnsafeMutablePointer<dirent>, _ descriptor: Int32, _ scope: Scope) {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
        let raw = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        guard let name = String(validatingCString: raw), name != ".", name != "..",
            let facts = FileInfo.Facts(raw, in: descriptor)
        else { return }
        var path = FolderPath.joined(folder, name)
        let type = Int32(entry.pointee.d_type)
        let mayLeadAway = type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN)
        if mayLeadAway {
            guard let real = try? FolderPath.resolved(path) else { return }
            path = real
        }
        guard scope.showsAll && !mayLeadAway || scope.policy.mayShow(resolved: path) else { return }
        let isInLibrary = scope.isInLibrary && !mayLeadAway || scope.policy.isInLibrary(resolved: path)
        entries.append(FileInfo(name: name, path: path, facts, isInLibrary: isInLibrary))
    }
}
