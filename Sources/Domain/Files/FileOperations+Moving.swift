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
            for path in paths { _ = try readable(path, policy) }
            if makingFolder { try makeFolders(target) }
            return try each(paths, continues: continues) { path in
                try copy(path, into: target, given: folder, policy)
            }
        }
    }

    /// Moves files and whole folders into a folder, each file with its side-car.
    ///
    /// As ``copy(_:to:makingFolder:continues:policy:)``; throws ``FileError/missingFolder(_:)`` when the folder does
    /// not exist.
    package func move(
        _ paths: [String],
        to folder: String,
        makingFolder: Bool = false,
        continues: Bool = false,
        policy: PathPolicy
    ) async throws -> [FileFailure] {
        try await threads.run { [self] in
            let target = try fillable(folder, policy)
            for path in paths { try expectChangeable(path, policy) }
            if makingFolder { try makeFolders(target) }
            guard try files.node(target)?.kind == .folder else { throw FileError.missingFolder(folder) }
            return try each(paths, continues: continues) { path in
                let place = try changeable(path, policy)
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

    private func makeFolders(_ real: String) throws {
        if try files.node(real)?.kind == .folder { return }
        do {
            try files.makeFolders(real)
        } catch {
            throw FileError.system(error)
        }
        settle([ByteText(FolderPath.folder(of: real))])
    }

    private func expectChangeable(_ path: String, _ policy: PathPolicy) throws(FileError) {
        do {
            _ = try changeable(path, policy)
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

    private func copy(
        _ given: String,
        into folder: String,
        given destination: String,
        _ policy: PathPolicy
    ) throws -> Outcome {
        let source = try readable(given, policy)
        guard let node = try files.node(source.real), node.kind != .link else {
            throw FileError.system(SystemError(code: ENOENT, action: given))
        }
        guard node.kind != .folder else { throw FileError.system(SystemError(code: EISDIR, action: given)) }
        guard node.kind == .file else { throw FileError.system(SystemError(code: EINVAL, action: given)) }
        guard try files.node(folder)?.kind == .folder else {
            throw FileError.system(SystemError(code: ENOENT, action: destination))
        }
        let target = FolderPath.joined(folder, FolderPath.name(of: source.path))
        var parts = [(source.real, target, node)]
        var carried: String?
        if let car = try sideCar(of: source.path), let carTarget = SideCar.path(of: target) {
            let real = try readable(car.path, policy).real
            if let node = try files.node(real), node.kind == .file {
                parts.append((real, carTarget, node))
                carried = car.path
            }
        }
        var plan = FilePlan(folders: [folder])
        for (source, target, node) in parts {
            try expectNothing(at: target)
            let hidden = HiddenName.beside(target)
            plan.copies.append(.init(source: source, target: hidden))
            plan.steps.append(.rename(from: hidden, to: target, node: node))
        }
        try carryOut(plan)
        return Outcome(folders: [ByteText(folder)], sideCar: carried)
    }

    // MARK: - Moving

    /// Moves what lies at a place to another path, with its side-car.
    ///
    /// `given` is the destination as the client wrote it.
    func move(_ place: Place, to target: String, given: String) throws -> Outcome {
        let folder = FolderPath.folder(of: target)
        if place.node.kind == .folder, FolderPath.relative(folder, to: place.path) != nil {
            throw FileError.intoItself(place.given, folder: given)
        }
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
