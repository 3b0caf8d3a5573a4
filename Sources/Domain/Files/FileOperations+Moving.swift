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
            var copied: Set<ByteText> = []
            return try each(paths, continues: continues) { path in
                let copy = try copying(path, policy, without: copied)
                if makingFolder { try makeFolders(target) }
                let outcome = try carryOut(copy, into: target, given: folder)
                copied.insert(ByteText(copy.path))
                if let car = outcome.sideCar { copied.insert(ByteText(car)) }
                return outcome
            }
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
            return try each(paths, continues: continues) { path in
                let place = try changeable(path, policy)
                try expectOutside(place, target, given: folder)
                if makingFolder { try makeFolders(target) }
                return try move(place, to: FolderPath.joined(target, FolderPath.name(of: place.path)), given: folder)
            }
        }
    }

    /// Gives a file, with its side-car, or a folder another name; answers its new path, in the folder as given.
    ///
    /// Throws ``FileError/badName(_:)``, ``FileError/missing(_:)``, ``FileError/exists(_:)``.
    package func rename(_ path: String, to name: String, policy: PathPolicy) async throws -> String {
        try await threads.run { [self] in
            let place = try changeable(path, policy)
            guard FileName.isValid(name) else { throw FileError.badName(name) }
            settle(try move(place, to: FolderPath.joined(FolderPath.folder(of: place.path), name), given: path).folders)
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

    /// What one operation did.
    struct Outcome {
        /// The folders in which something changed.
        var folders: Set<ByteText>
        /// The side-car that went along.
        var sideCar: String?
    }

    /// Does the same with each path.
    ///
    /// A side-car that went with its picture is not done again when it is named after it.
    func each(_ paths: [String], continues: Bool, _ body: (String) throws -> Outcome) throws -> [FileFailure] {
        var failures: [FileFailure] = []
        var folders: Set<ByteText> = []
        var carried: Set<ByteText> = []
        defer { settle(folders) }
        for path in paths {
            do {
                if !carried.isEmpty, let place = Self.location(path), carried.contains(ByteText(place)) { continue }
                let outcome = try body(path)
                folders.formUnion(outcome.folders)
                if let car = outcome.sideCar { carried.insert(ByteText(car)) }
            } catch let error as FileError {
                let failure = FileFailure(path: path, error: error)
                guard continues else { throw failure }
                failures.append(failure)
            }
        }
        return failures
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

    /// Copies a file into a folder; `given` is that as the client wrote it.
    private func carryOut(_ copying: Copying, into folder: String, given: String) throws -> Outcome {
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
        try carryOut(plan)
        return Outcome(folders: [ByteText(folder)], sideCar: copying.sideCar)
    }

    // MARK: - Moving

    /// Moves what lies at a place to another path, with its side-car.
    ///
    /// `given` is the destination as the client wrote it.
    func move(_ place: Place, to target: String, given: String) throws -> Outcome {
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
        let rows = { newNumbers in
            // A side-car has no row, unless a picture was named so.
            parts.map { FileRowChange.moved(from: $0.0.path, to: $0.1, newNumbers: newNumbers) }
        }
        let sideCar = parts.count > 1 ? parts[1].0.path : nil
        return Outcome(folders: try relocate(parts, rows), sideCar: sideCar)
    }

    /// Throws ``FileError/intoItself(_:folder:)`` when a folder is to go into itself.
    private func expectOutside(_ place: Place, _ folder: String, given: String) throws(FileError) {
        if place.node.kind == .folder, FolderPath.relative(folder, to: place.path) != nil {
            throw .intoItself(place.given, folder: given)
        }
    }

    /// Gives files other paths, on whatever file system they are; answers the folders in which something changed.
    func relocate(_ parts: [(Place, String)], _ rows: (_ newNumbers: Bool) -> [FileRowChange]) throws -> Set<ByteText> {
        let folders = parts.flatMap { [FolderPath.folder(of: $0.0.path), FolderPath.folder(of: $0.1)] }.uniqueByBytes()
        var plan = FilePlan(rows: rows(false), folders: folders)
        plan.steps = parts.map { .rename(from: $0.0.path, to: $0.1, node: $0.0.node) }
        do {
            try carryOut(plan)
            return Set(folders.map { ByteText($0) })
        } catch FileError.system(let error) where error.code == EXDEV {
            try carryOut(crossing(parts, rows(true), folders))
            return Set(folders.map { ByteText($0) })
        }
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
