#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Takes single files into the index at once, without a scan.
struct FileIntake {
    /// A file up to this many bytes is hashed at once; others are when people say something of them, or by the next scan.
    private static let hashLimit = 64 << 20

    private let library: Library
    private let reader: MediaReader

    init(library: Library) throws {
        self.library = library
        reader = try MediaReader(store: library.store, options: library.reading)
    }

    /// Makes sure that the index lists the files at these paths as they are now; answers their ids in the same order.
    ///
    /// Throws ``MediaIndexError``: `noFile`, also for what is no picture, video or sound by its bytes or its name, and
    /// `outsideLibrary`. Then nothing has been taken in.
    func take(_ paths: [String]) throws -> [Int] {
        let roots = try library.roots()
        let places = try paths.map { path throws -> MediaPlace in
            if let place = library.place(of: path, among: roots) { return place }
            throw MediaIndexError.outsideLibrary(path)
        }
        let known = try library.store.indexedFiles(places)
        var batch = ScanBatch()
        var isTaken: Set<ByteText> = []
        let examiner = FileExaminer(reader: reader)
        for place in places {
            var status = stat()
            guard lstat(place.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw MediaIndexError.noFile(place.given)
            }
            if let known = known[ByteText(place.given)], known.isUpToDate(status) { continue }
            guard isTaken.insert(ByteText(place.path)).inserted else { continue }
            batch.found.append(try examine(place, known[ByteText(place.given)]?.id, examiner))
        }
        if !batch.isEmpty {
            var tags = TagCache()
            let batches = batch.split(ScanBatch.limit)
            for batch in batches {
                _ = try library.commit { try library.store.apply(batch, tags: &tags, at: library.clock.now) }
            }
        }
        let files = try library.store.indexedFiles(places)
        let ids = try places.map { place throws -> Int in
            guard let file = files[ByteText(place.given)] else { throw MediaIndexError.noFile(place.given) }
            return file.id
        }
        try library.hash(library.store.unhashedFiles(ids, upTo: Self.hashLimit))
        return ids
    }

    /// What a file says of itself; `nil` when it is missing, cannot be read, or is nothing that the index lists.
    func describe(_ path: String) -> MediaDescription? {
        outcome(path, FileExaminer(reader: reader)).indexed?.description
    }

    private func examine(_ place: MediaPlace, _ known: Int?, _ examiner: FileExaminer) throws -> FoundFile {
        let path = place.path
        guard let found = outcome(path, examiner).indexed else { throw MediaIndexError.noFile(place.given) }
        var folder = stat()
        let hasFolder = lstat(place.root.absolute(place.folder), &folder) == 0
        return FoundFile(
            directory: ScanDirectory(
                root: place.root,
                path: place.folder,
                device: hasFolder ? Int(bitPattern: UInt(folder.st_dev)) : 0
            ),
            name: place.name,
            known: known,
            size: found.size,
            modified: found.modified,
            inode: found.inode,
            sidecar: Self.sidecar(of: path).flatMap { Self.modified($0) } ?? Self.logMark(of: path),
            description: found.description
        )
    }

    private func outcome(_ path: String, _ examiner: FileExaminer) -> FileExaminer.Outcome {
        let sidecar = Self.sidecar(of: path).flatMap { Self.modified($0) == nil ? nil : $0 }
        return examiner.examine(
            open: { DirectoryHandle.open(path: path) },
            sidecar: sidecar.map { sidecar in { DirectoryHandle.open(path: sidecar) } },
            log: { DirectoryHandle.open(path: Self.log(of: path)) },
            path: { path }
        )
    }

    /// The path of a file's side-car; `nil` when the name has no suffix, or that of a side-car.
    private static func sidecar(of path: String) -> String? {
        guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")), !path[dot...].utf8.contains(UInt8(ascii: "/"))
        else {
            return nil
        }
        if path[dot...].utf8.elementsEqual(".txt".utf8) { return nil }
        return path[..<dot] + ".txt"
    }

    /// The path of the ``FooocusLog`` of a file's folder, whether there is one or not.
    private static func log(of path: String) -> String {
        FolderPath.joined(FolderPath.folder(of: path), FooocusLog.name)
    }

    /// The mark of what is said of a file in the ``FooocusLog`` of its folder.
    private static func logMark(of path: String) -> Int? {
        FooocusLog(descriptor: DirectoryHandle.open(path: log(of: path)))?.mark(of: FolderPath.name(of: path))
    }

    /// When a regular file was last changed; `nil` when there is none.
    private static func modified(_ path: String) -> Int? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return status.modified
    }
}

extension ScanBatch {
    /// The files that were found, so many at a time.
    fileprivate func split(_ limit: Int) -> [ScanBatch] {
        stride(from: 0, to: found.count, by: limit).map {
            ScanBatch(found: Array(found[$0..<min($0 + limit, found.count)]))
        }
    }
}

extension Store.IndexedFile {
    /// Whether the index knows the file as it is now.
    fileprivate func isUpToDate(_ status: stat) -> Bool {
        isListed && reader >= MediaReader.version && size == Int(status.st_size) && modified == status.modified
    }
}
