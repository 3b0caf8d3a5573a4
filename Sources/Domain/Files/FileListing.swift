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
    /// A number that the same entries of the same folder have each time, and no others in this process; `nil` when the
    /// folder is not remembered.
    package private(set) var version: Int?

    /// Reads a folder, given by an absolute path, or takes what `listings` have of it and is so still.
    ///
    /// A folder that does not exist, or that cannot be reached, has no entries. Throws ``FileError/forbidden(_:)`` for one
    /// that `policy` does not show, ``FileError/system(_:)`` when it is no folder or cannot be read.
    package init(
        folder given: String,
        policy: PathPolicy,
        remembering listings: RememberedListings? = nil
    ) throws(FileError) {
        guard policy.mayShow(given) else { throw .forbidden(given) }
        // What cannot be reached is as good as not there, as Python's `os.path.exists` has it.
        guard let real = try? FolderPath.resolved(given) else {
            folder = given
            return
        }
        folder = real
        let descriptor = open(real, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(SystemError(code: errno, action: given)) }
        let scope = Scope(folder: real, descriptor: descriptor, policy: policy)
        if let listings, let known = listings.find(real, descriptor, policy) {
            defer { close(descriptor) }
            let listing = listings.renewed(known, scope.looks(known.entries.loose.map(\.name)))
            entries = listing.entries.shown
            version = listing.version
            return
        }
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw .system(SystemError(code: code, action: given))
        }
        defer { closedir(stream) }
        try read(stream, scope, given, listings)
    }

    /// Reads the folder; a large one is watched first, if it can be.
    private mutating func read(
        _ stream: OpaquePointer,
        _ scope: Scope,
        _ given: String,
        _ listings: RememberedListings?
    ) throws(FileError) {
        var names = FolderNames(stream, of: given)
        var first = names.next()
        var watch: RememberedListings.Watch?
        if first?.isLast == false, let listings {
            watch = listings.watch(scope.descriptor)
            if watch != nil {
                rewinddir(stream)
                names = FolderNames(stream, of: given)
                first = names.next()
            }
        }
        let found = scope.entries(first, names)
        do {
            try names.check()
        } catch {
            if let watch { listings?.abandon(watch) }
            throw error
        }
        entries = found.shown
        if let watch { version = listings?.keep(found, of: folder, scope.policy, since: watch) }
    }

    /// What holds for a whole folder, so that most entries need not be judged one by one.
    private struct Scope {
        let folder: String
        let descriptor: Int32
        let policy: PathPolicy
        private let showsAll: Bool
        private let isInLibrary: Bool

        init(folder: String, descriptor: Int32, policy: PathPolicy) {
            self.folder = folder
            self.descriptor = descriptor
            self.policy = policy
            showsAll = policy.mayRead(resolved: folder)
            isInLibrary = policy.isInLibrary(resolved: folder)
        }

        /// What is known of each entry, looked at by several threads where there are many.
        func entries(_ first: FolderNames.Run?, _ names: FolderNames) -> ListedEntries {
            guard let first else { return ListedEntries() }
            let found = Mutex([Int: ListedEntries]())
            // While one thread reads names, the others look at what they stand for.
            DispatchQueue.concurrentPerform(iterations: first.isLast ? 1 : Processors.count) { thread in
                var next = thread == 0 ? first : names.next()
                while let run = next {
                    let part = entries(run.names)
                    found.withLock { $0[run.number] = part }
                    next = run.isLast ? nil : names.next()
                }
            }
            var all = ListedEntries()
            for part in found.withLock({ $0 }).sorted(by: { $0.key < $1.key }) { all.append(part.value) }
            return all
        }

        private func entries(_ names: [FolderNames.Name]) -> ListedEntries {
            var part = ListedEntries()
            for name in names where !HiddenName.isHidden(name: name.text) {
                let facts = FileInfo.Facts(name.text, in: descriptor)
                let isLoose = name.mayLeadAway || facts?.isPlain != true
                part.append(facts.flatMap { entry(name, $0) }, of: name, isLoose: isLoose)
            }
            return part
        }

        /// What is known of each name now, in order.
        func looks(_ names: [FolderNames.Name]) -> [FileInfo?] {
            let share = 256
            let count = (names.count + share - 1) / share
            let found = Mutex([[FileInfo?]](repeating: [], count: count))
            DispatchQueue.concurrentPerform(iterations: count) { index in
                let some = names[index * share..<min((index + 1) * share, names.count)].map { name in
                    FileInfo.Facts(name.text, in: descriptor).flatMap { entry(name, $0) }
                }
                found.withLock { $0[index] = some }
            }
            return found.withLock { $0 }.flatMap(\.self)
        }

        /// What is known of an entry; `nil` when it may not be shown.
        private func entry(_ name: FolderNames.Name, _ facts: FileInfo.Facts) -> FileInfo? {
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
