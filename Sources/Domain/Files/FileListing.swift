import Dispatch
import Synchronization

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
        let names = try Self.names(stream, given)
        let facts = Self.facts(names, descriptor)
        entries.reserveCapacity(names.count)
        for (name, facts) in zip(names, facts) {
            if let facts { add(name, facts, scope) }
        }
    }

    private struct Name {
        var text: String
        /// Whether it is a link, or may be one.
        var mayLeadAway: Bool
    }

    private static func names(_ stream: OpaquePointer, _ folder: String) throws(FileError) -> [Name] {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        var names: [Name] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .system(SystemError(code: errno, action: folder)) }
                return names
            }
            let raw = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            guard let text = String(validatingCString: raw), text != ".", text != ".." else { continue }
            let type = Int32(entry.pointee.d_type)
            names.append(Name(text: text, mayLeadAway: type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN)))
        }
    }

    /// How many entries one thread looks at; of fewer, no second one is worth its start.
    private static let share = 512

    /// What is known of each entry, looked at by several threads where there are many; `nil` where nothing is.
    private static func facts(_ names: [Name], _ descriptor: Int32) -> [FileInfo.Facts?] {
        guard names.count > share else { return names.map { FileInfo.Facts($0.text, in: descriptor) } }
        let shares = (names.count + share - 1) / share
        let results = Mutex([[FileInfo.Facts?]](repeating: [], count: shares))
        DispatchQueue.concurrentPerform(iterations: shares) { index in
            let part = names[index * share..<min((index + 1) * share, names.count)]
            let found = part.map { FileInfo.Facts($0.text, in: descriptor) }
            results.withLock { $0[index] = found }
        }
        return Array(results.withLock { $0 }.joined())
    }

    /// What holds for a whole folder, so that most entries need not be judged one by one.
    private struct Scope {
        var showsAll: Bool
        var isInLibrary: Bool
        var policy: PathPolicy
    }

    private mutating func add(_ name: Name, _ facts: FileInfo.Facts, _ scope: Scope) {
        var path = FolderPath.joined(folder, name.text)
        if name.mayLeadAway {
            guard let real = try? FolderPath.resolved(path) else { return }
            path = real
        }
        guard scope.showsAll && !name.mayLeadAway || scope.policy.mayShow(resolved: path) else { return }
        let isInLibrary = scope.isInLibrary && !name.mayLeadAway || scope.policy.isInLibrary(resolved: path)
        entries.append(FileInfo(name: name.text, path: path, facts, isInLibrary: isInLibrary))
    }
}
