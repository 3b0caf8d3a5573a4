#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension FileOperations {
    /// Deletes files, each with its side-car, and empty folders, in order; stops at the first failure and throws it.
    ///
    /// All paths are judged before anything is done. With a trash, files go there, and what people said of them waits
    /// with their content for the case that they come back; without, and for files that lie in the trash already, they
    /// and all that is known of them are gone.
    package func delete(_ paths: [String], policy: PathPolicy) async throws {
        try await threads.run { [self] in
            for path in paths {
                do {
                    _ = try changeable(path, policy)
                } catch FileError.missing {}
            }
            let stamp = TrashName.stamp(library.clock.now)
            _ = try each(paths, continues: false) { path in
                try delete(try changeable(path, policy), stamp: stamp)
            }
        }
    }

    private func delete(_ place: Place, stamp: String) throws -> Outcome {
        if place.node.kind == .folder { return try deleteFolder(place) }
        let car = try sideCar(of: place.path)
        if let trash = own.trash, !own.isInTrash(place.path) {
            let folders = try discard([place] + (car.map { [$0] } ?? []), into: trash, stamp: stamp)
            return Outcome(folders: folders, sideCar: car?.path)
        }
        var plan = FilePlan()
        hide([place] + (car.map { [$0] } ?? []), isKept: false, &plan)
        try carryOut(plan)
        return Outcome(folders: Set(plan.folders.map { ByteText($0) }), sideCar: car?.path)
    }

    /// Deletes an empty folder; throws ``FileError/folderNotEmpty(_:)`` for another.
    func deleteFolder(_ place: Place) throws -> Outcome {
        do {
            try runner.expectEmpty(place.path)
            var plan = FilePlan()
            hide([place], isKept: true, &plan)
            // Since it was looked at something may have come; under its hidden name nothing can.
            plan.steps += plan.leftovers.map { .expectEmpty($0) }
            try carryOut(plan)
            return Outcome(folders: Set(plan.folders.map { ByteText($0) }))
        } catch let error as SystemError {
            throw error.code == ENOTEMPTY ? FileError.folderNotEmpty(place.given) : .system(error)
        } catch FileError.system(let error) where error.code == ENOTEMPTY {
            throw FileError.folderNotEmpty(place.given)
        }
    }

    /// Lets a plan hide what is to go, and remove it at last.
    private func hide(_ places: [Place], isKept: Bool, _ plan: inout FilePlan) {
        for place in places {
            plan.rows.append(.removed(place.path, isKept: isKept))
            let hidden = HiddenName.beside(place.path)
            plan.steps.append(.rename(from: place.path, to: hidden, node: place.node))
            plan.leftovers.append(hidden)
        }
        plan.folders = places.map { FolderPath.folder(of: $0.path) }.uniqueByBytes()
    }

    // MARK: - Trash

    /// Moves files to a folder of the trash that tells when they were deleted and where they lay.
    private func discard(_ parts: [Place], into trash: String, stamp: String) throws -> Set<ByteText> {
        for number in 1...1000 {
            let base = FolderPath.joined(trash, number == 1 ? stamp : "\(stamp)-\(number)")
            let targets = parts.map { FolderPath.joined(base, trashPath($0.path)) }
            guard try targets.allSatisfy({ try node($0) == nil }) else { continue }
            do {
                try files.makeFolders(FolderPath.folder(of: targets[0]))
            } catch {
                throw FileError.system(error)
            }
            let folders = try relocate(Array(zip(parts, targets))) { _ in
                parts.map { .removed($0.path, isKept: true) }
            }
            return folders.filter { !own.isInTrash($0.text) }
        }
        throw FileError.exists(FolderPath.joined(trash, stamp))
    }

    /// The name of the root with the path below it, so that files of two roots stay apart.
    private func trashPath(_ path: String) -> String {
        let roots = (try? library.roots()) ?? []
        for root in roots {
            if let relative = root.relative(path) {
                return FolderPath.joined(FolderPath.name(of: root.path), relative)
            }
        }
        return String(path.drop { $0 == "/" })
    }
}

/// Folders of the trash.
enum TrashName {
    /// The moment as a name, in UTC: `2026-11-21T09-30-05`.
    static func stamp(_ now: Milliseconds) -> String {
        var seconds = time_t(now / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let numbers = [
            parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ]
        let texts = numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }
        return texts[0...2].joined(separator: "-") + "T" + texts[3...5].joined(separator: "-")
    }
}
