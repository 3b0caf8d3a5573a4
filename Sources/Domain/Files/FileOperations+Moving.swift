#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileOperations {
    /// Copies files into a folder, each with its side-car; a scan finds them afterwards.
    ///
    /// All paths are judged before anything is done. Stops at the first failure and throws it, unless it `continues`:
    /// then it answers what failed. What was copied stays.
    package func copy(
        _ paths: [String],
        to folder: String,
        makingFolder: Bool = false,
        continues: Bool = false,
        policy: PathPolicy
    ) async throws -> [FileFailure] {
        try await threads.run { [self] in
            let target = try fillable(folder, policy)
            for path in paths { try expectAllowed { () throws(FileError) in _ = try readable(path, policy) } }
            let progress = try each(paths, continues: continues) { number, progress in
                let copying = try copying(paths[number], policy, without: progress.paths)
                if makingFolder { try makeFolders(target) }
                return try copy(copying, into: target, given: folder)
            }
            return progress.failed
        }
    }

    /// Moves files and whole folders into a folder, each file with its side-car.
    ///
    /// As ``copy(_:to:makingFolder:continues:policy:)``; throws ``FileError/missingFolder(_:)`` when the folder does
    /// not exist. A folder is made only for something that can be put into it.
    package func move(
        _ paths: [String],
        to folder: String,
        makingFolder: Bool = false,
        continues: Bool = false,
        policy: PathPolicy
    ) async throws -> [FileFailure] {
        try await threads.run { [self] in
            let target = try fillable(folder, policy)
            for path in paths { try expectAllowed { () throws(FileError) in _ = try changeable(path, policy) } }
            guard makingFolder || (try? files.node(target))?.kind == .folder else {
                throw FileError.missingFolder(folder)
            }
            let progress = try each(paths, continues: continues) { number, progress in
                let place = try changeable(paths[number], policy)
                try expectOutside(place, target, given: folder)
                if makingFolder { try makeFolders(target) }
                let name = FolderPath.name(of: place.path)
                return try moving(place, to: FolderPath.joined(target, name), given: folder, progress)
            }
            return progress.failed
        }
    }

    /// Gives a file, with its side-car, or a folder another name; answers its new path, in the folder as given.
    ///
    /// Throws ``FileError/badName(_:)``, ``FileError/missing(_:)``, ``FileError/exists(_:)``.
    package func rename(_ path: String, to name: String, policy: PathPolicy) async throws -> String {
        try await threads.run { [self] in
            let place = try changeable(path, policy)
            guard FileName.isValid(name) else { throw FileError.badName(name) }
            try move(place, to: FolderPath.joined(FolderPath.folder(of: place.path), name), given: path)
            let given = FolderPath.name(of: path)
            let isPlain = !given.isEmpty && given != "." && given != ".."
            return FolderPath.joined(FolderPath.folder(of: isPlain ? path : place.path), name)
        }
    }

    /// Makes a folder and those above it; one that is there already is fine.
    package func makeFolder(_ path: String, policy: PathPolicy) async throws {
        try await threads.run { [self] in
            let real = try fillable(path, policy)
            try makeFolders(real)
        }
    }

    private func makeFolders(_ real: String) throws(FileError) {
        if try node(real)?.kind == .folder { return }
        do {
            try files.makeFolders(real)
        } catch {
            throw .system(error)
        }
        settle([ByteText(FolderPath.folder(of: real))])
    }

    /// Lets through what `body` throws only when the path is forbidden: the rest is told of each path in its turn.
    private func expectAllowed(_ body: () throws(FileError) -> Void) throws(FileError) {
        do {
            try body()
        } catch {
            if case .forbidden = error { throw error }
        }
    }

    // MARK: - Copying

    /// Where a file really lies that may be read, whether it is there or not.
    private func readable(_ given: String, _ policy: PathPolicy) throws(FileError) -> (path: String, real: String) {
        let place = try located(given, policy)
        return (place.path, (try? FolderPath.resolved(place.path)) ?? place.path)
    }

    /// A file that is to be copied, with what goes along.
    private struct Copying {
        /// Where the file lies, as named.
        var path: String
        /// Where the contents really lie, and whether they are the side-car's.
        var parts: [(real: String, isSideCar: Bool, node: FileNode)]
        /// The side-car, also when it has been copied already.
        var sideCar: String?
    }

    /// What is to be copied of a path; a side-car that is among those `copied` in this call is not copied again.
    private func copying(_ given: String, _ policy: PathPolicy, without copied: Set<ByteText>) throws -> Copying {
        let source = try readable(given, policy)
        guard let node = try node(source.real), node.kind != .link else {
            throw FileError.system(SystemError(code: ENOENT, action: given))
        }
        guard node.kind != .folder else { throw FileError.system(SystemError(code: EISDIR, action: given)) }
        guard node.kind == .file else { throw FileError.system(SystemError(code: EINVAL, action: given)) }
        var copying = Copying(path: source.path, parts: [(source.real, false, node)])
        if let car = try sideCar(of: source.path) {
            let real = try readable(car.path, policy).real
            if let node = try self.node(real), node.kind == .file {
                copying.sideCar = car.path
                if !copied.contains(ByteText(car.path)) { copying.parts.append((real, true, node)) }
            }
        }
        return copying
    }

    /// What copies a file into a folder; `given` is that as the client wrote it.
    private func copy(_ copying: Copying, into folder: String, given: String) throws -> FileJob {
        guard try node(folder)?.kind == .folder else {
            throw FileError.system(SystemError(code: ENOENT, action: given))
        }
        let target = FolderPath.joined(folder, FolderPath.name(of: copying.path))
        var plan = FilePlan(folders: [folder])
        for part in copying.parts {
            let target = part.isSideCar ? SideCar.path(of: target) ?? target : target
            try expectNothing(at: target)
            let hidden = HiddenName.beside(target)
            plan.copies.append(.init(source: part.real, target: hidden))
            plan.steps.append(.rename(from: hidden, to: target, node: part.node))
        }
        return FileJob(
            plan: plan,
            path: copying.path,
            sideCar: copying.sideCar,
            folders: [folder],
            bytes: copying.parts.reduce(0) { $0 + $1.node.size }
        )
    }

    // MARK: - Moving

    /// Moves what lies at a place to another path, with its side-car.
    ///
    /// `given` is the destination as the client wrote it.
    func move(_ place: Place, to target: String, given: String) throws {
        do {
            _ = try each([place.given], continues: false) { _, progress in
                try moving(place, to: target, given: given, progress)
            }
        } catch let failure as FileFailure {
            throw failure.error
        }
    }

    /// What moves something to another path, with its side-car.
    func moving(_ place: Place, to target: String, given: String, _ progress: FileProgress) throws -> FileJob {
        try expectOutside(place, FolderPath.folder(of: target), given: given)
        try expectNothing(at: target)
        var moving = [(place, target)]
        if place.node.kind != .folder, let car = try sideCar(of: place.path) {
            let carTarget = String(target[..<FileName.suffix(of: target)]) + ".txt"
            if FolderPath.areSame(carTarget, target) { throw FileError.exists(carTarget) }
            if !FolderPath.areSame(carTarget, car.path) {
                try expectNothing(at: carTarget)
                moving.append((car, carTarget))
            }
        }
        let parts = moving
        return relocation(parts, progress) { newNumbers in
            // A side-car has no row, unless a picture was named so.
            parts.map { FileRowChange.moved(from: $0.0.path, to: $0.1, newNumbers: newNumbers) }
        }
    }

    /// Throws ``FileError/intoItself(_:folder:)`` when a folder is to go into itself.
    private func expectOutside(_ place: Place, _ folder: String, given: String) throws(FileError) {
        if place.node.kind == .folder, FolderPath.relative(folder, to: place.path) != nil {
            throw .intoItself(place.given, folder: given)
        }
    }

    /// What gives a thing and its side-car other paths, on whatever file system they are.
    func relocation(
        _ parts: [(Place, String)],
        _ progress: FileProgress,
        _ rows: (_ newNumbers: Bool) -> [FileRowChange]
    ) -> FileJob {
        let (place, target) = parts[0]
        let folders = parts.flatMap { [FolderPath.folder(of: $0.0.path), FolderPath.folder(of: $0.1)] }.uniqueByBytes()
        let passage = FileJob.Passage(
            from: ByteText(FolderPath.folder(of: place.path)),
            to: ByteText(FolderPath.folder(of: target))
        )
        let crosses = progress.crossings.contains(passage)
        var plan = FilePlan(rows: rows(crosses), folders: folders)
        if crosses {
            plan = crossing(parts, plan.rows, folders)
        } else {
            plan.steps = parts.map { .rename(from: $0.0.path, to: $0.1, node: $0.0.node) }
        }
        return FileJob(
            plan: plan,
            path: place.path,
            sideCar: parts.count > 1 ? parts[1].0.path : nil,
            folders: folders,
            bytes: crosses ? parts.reduce(0) { $0 + $1.0.node.size } : 0,
            passage: crosses ? nil : passage,
            isAlone: parts.contains { $0.0.node.kind != .file }
        )
    }

    /// The plan of a move to another file system: copies that are on the disk before the originals go.
    private func crossing(_ parts: [(Place, String)], _ rows: [FileRowChange], _ folders: [String]) -> FilePlan {
        var plan = FilePlan(rows: rows, folders: folders)
        var hiding: [FilePlan.Step] = []
        for (place, target) in parts {
            let copy = HiddenName.beside(target)
            let hidden = HiddenName.beside(place.path)
            plan.copies.append(.init(source: place.path, target: copy))
            plan.steps.append(.rename(from: copy, to: target, node: place.node))
            hiding.append(.rename(from: place.path, to: hidden, node: place.node))
            hiding.append(.compare(original: hidden, copy: target))
            plan.leftovers.append(hidden)
        }
        plan.steps += parts.map { FolderPath.folder(of: $0.1) }.uniqueByBytes().map { .flush($0) } + hiding
        return plan
    }
}
