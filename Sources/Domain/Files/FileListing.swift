import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What lies in one folder, in the order of the file system, hidden files included, but for our own that are there for a
/// moment.
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
            folder: real,
            showsAll: policy.mayRead(resolved: real),
            isInLibrary: policy.isInLibrary(resolved: real),
            policy: policy
        )
        entries = try scope.entries(FolderNames(stream, of: given), descriptor)
    }

    /// What holds for a whole folder, so that most entries need not be judged one by one.
    private struct Scope {
        var folder: String
        var showsAll: Bool
        var isInLibrary: Bool
        var policy: PathPolicy

        /// What is known of each entry that may be shown, looked at by several threads where there are many.
        func entries(_ names: FolderNames, _ descriptor: Int32) throws(FileError) -> [FileInfo] {
            guard let first = names.next() else {
                try names.check()
                return []
            }
            let found = Mutex([Int: [FileInfo]]())
            // While one thread reads names, the others look at what they stand for.
            DispatchQueue.concurrentPerform(iterations: first.isLast ? 1 : Processors.count) { thread in
                var next = thread == 0 ? first : names.next()
                while let run = next {
                    let infos = run.names.compactMap { entry($0, descriptor) }
                    found.withLock { $0[run.number] = infos }
                    next = run.isLast ? nil : names.next()
                }
            }
            try names.check()
            return found.withLock { $0 }.sorted { $0.key < $1.key }.flatMap(\.value)
        }

        private func entry(_ name: FolderNames.Name, _ descriptor: Int32) -> FileInfo? {
            guard !HiddenName.isHidden(name: name.text), let facts = FileInfo.Facts(name.text, in: descriptor)
            else { return nil }
            var path = FolderPath.joined(folder, name.text)
            if name.mayLeadAway {
                guard let real = try? FolderPath.resolved(path) else { return nil }
                path = real
            }
            guard showsAll && !name.mayLeadAway || policy.mayShow(resolved: path) else { return nil }
            let isInLibrary = isInLibrary && !name.mayLeadAway || policy.isInLibrary(resolved: path)
            return FileInfo(name: name.text, path: path, facts, isInLibrary: isInLibrary)
        }
    }
}
