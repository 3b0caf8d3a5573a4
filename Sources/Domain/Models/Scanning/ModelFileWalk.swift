/// Walks the folders of models and finds the files in them, by the suffixes of their types.
///
/// Folders are told apart by where they really lie: no link leads it in circles, and none makes it see a folder or a
/// file twice. What is reached by a link keeps the path through the link, unless it lies in a folder of models anyway.
/// The folder of a type within that of another type is the inner type's alone. Names that begin with a dot, and the
/// server's own folders, are left out.
struct ModelFileWalk {
    /// A file that may be a model.
    struct Candidate: Hashable, Sendable {
        /// Absolute.
        var path: String
        var type: String
        /// The pictures beside it; the first that is one is taken.
        var pictures: [String] = []
    }

    private struct Folder {
        /// The path by which it was reached, and where it lies.
        var path: String
        var real: String
        /// The position of its type.
        var kind: Int
    }

    private struct Link {
        var candidate: Candidate
        var kind: Int
        /// Whether it would be a model, were it a file.
        var isModel: Bool
    }

    private let kinds: [ModelFolders.Kind]
    private let excluded: Set<String>
    /// Which type has a folder, by where it lies.
    private var owners: [ByteText: Int] = [:]
    private var visited: [ByteText: Int] = [:]
    private var waiting: [Folder] = []
    private var links: [Link] = []
    private var linked: Set<ByteText> = []

    /// What was found, folder by folder in the order of the types.
    private(set) var files: [Candidate] = []
    /// How many more there are that cannot be looked at.
    private(set) var unreadable = 0

    /// A walk that leaves out the `excluded` files and folders, which are absolute and resolved, and what lies in these.
    init(folders: ModelFolders, excluded: Set<String>) {
        kinds = folders.kinds
        self.excluded = excluded
    }

    /// Walks the folders of a type, or of all, as long as `goesOn` says so after each folder; once.
    ///
    /// Folders that are missing are passed over; what cannot be read is told to `warn`.
    mutating func walk(type: String?, goesOn: (_ folder: String, Self) -> Bool, warn: (String) -> Void) {
        for (index, kind) in kinds.enumerated() {
            for folder in kind.folders {
                do throws(LibraryRootError) {
                    let real = try FolderPath.resolvedFolder(folder)
                    if owners[ByteText(real)] == nil { owners[ByteText(real)] = index }
                    guard type.map({ $0 == kind.name }) ?? true, !isExcluded(real) else { continue }
                    waiting.append(Folder(path: FolderPath.normalized(folder) ?? real, real: real, kind: index))
                } catch .missing {
                    continue
                } catch {
                    if type.map({ $0 == kind.name }) ?? true { warn("\(error); skipped") }
                }
            }
        }
        waiting.reverse()
        repeat {
            while let folder = waiting.popLast() {
                guard goesOn(folder.path, self) else { return }
                visit(folder, warn)
            }
            // Only now is it known what lies in folders of models anyway.
            let links = links
            self.links = []
            for link in links { follow(link, warn) }
            waiting.reverse()
        } while !waiting.isEmpty
    }

    private mutating func visit(_ folder: Folder, _ warn: (String) -> Void) {
        let place = ByteText(folder.real)
        guard visited[place] == nil else { return }
        visited[place] = folder.kind
        let listing: DirectoryListing
        do {
            listing = try DirectoryListing(path: folder.real)
        } catch {
            return warn("\(error.description); skipped")
        }
        if listing.unnamed.count > 0 {
            warn("\(folder.path): \(listing.unnamed.count) folders or links have names that are not UTF-8; skipped")
        }
        let pictures = SidePictures(listing)
        for file in listing.files where isModel(listing.displayName(file), folder.kind) {
            guard let name = listing.name(file), file.size >= 0 else {
                unreadable += 1
                warn("\(FolderPath.joined(folder.path, listing.displayName(file))): cannot be read; skipped")
                continue
            }
            guard !excluded.contains(FolderPath.joined(folder.real, name)) else { continue }
            files.append(candidate(name, in: folder, pictures))
        }
        for name in listing.links.sorted() {
            let isModel = isModel(name, folder.kind)
            links.append(Link(candidate: candidate(name, in: folder, pictures), kind: folder.kind, isModel: isModel))
        }
        for name in listing.folders.reversed() {
            let real = FolderPath.joined(folder.real, name)
            guard !excluded.contains(real), owners[ByteText(real)] ?? folder.kind == folder.kind else { continue }
            waiting.append(Folder(path: FolderPath.joined(folder.path, name), real: real, kind: folder.kind))
        }
    }

    private func candidate(_ name: String, in folder: Folder, _ pictures: SidePictures) -> Candidate {
        Candidate(
            path: FolderPath.joined(folder.path, name),
            type: kinds[folder.kind].name,
            pictures: pictures.pictures(beside: name).map { FolderPath.joined(folder.path, $0) }
        )
    }

    /// Whether a file of this name is a model of a type.
    private func isModel(_ name: String, _ kind: Int) -> Bool {
        let suffixes = kinds[kind].suffixes
        guard !suffixes.isEmpty else { return true }
        return FileSuffix.of(name).map { suffixes.contains($0) } ?? false
    }

    private mutating func follow(_ link: Link, _ warn: (String) -> Void) {
        let path = link.candidate.path
        if let real = try? FolderPath.resolvedFolder(path) {
            guard owner(of: real) ?? link.kind == link.kind, !isExcluded(real) else { return }
            return waiting.append(Folder(path: path, real: real, kind: link.kind))
        }
        guard link.isModel else { return }
        guard let real = try? FolderPath.resolved(path) else {
            unreadable += 1
            return warn("\(path): the link leads nowhere; skipped")
        }
        let folder = FolderPath.folder(of: real)
        if let kind = visited[ByteText(folder)], isModel(FolderPath.name(of: real), kind) { return }
        // In the folder of a type that this scan does not look at, it is found by one that does.
        if let kind = owner(of: folder), kind != link.kind, isModel(FolderPath.name(of: real), kind) { return }
        guard !isExcluded(real), linked.insert(ByteText(real)).inserted else { return }
        files.append(link.candidate)
    }

    /// The type in whose folder a resolved path lies, the innermost if several; hidden folders are nobody's.
    private func owner(of real: String) -> Int? {
        owners.filter { folder, _ in
            FolderPath.relative(real, to: folder.text).map { below in
                !FolderPath.parts(below).contains { $0.hasPrefix(".") }
            } ?? false
        }.max { $0.key.text.utf8.count < $1.key.text.utf8.count }?.value
    }

    /// Whether a resolved path is one of the folders that are left out, or lies in one.
    private func isExcluded(_ real: String) -> Bool {
        excluded.contains { FolderPath.relative(real, to: $0) != nil }
    }
}
