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
            let roots = own.trash == nil ? [] : (try? library.roots()) ?? []
            _ = try each(paths, continues: false) { number, progress in
                try deletion(try changeable(paths[number], policy), stamp: stamp, roots, progress)
            }
        }
    }

    private func deletion(
        _ place: Place,
        stamp: String,
        _ roots: [LibraryRoot],
        _ progress: FileProgress
    ) throws -> FileJob {
        if place.node.kind == .folder { return try folderDeletion(place) }
        let parts = [place] + (try sideCar(of: place.path).map { [$0] } ?? [])
        if let trash = own.trash, !own.isInTrash(place.path) {
            return try discard(parts, into: trash, stamp: stamp, roots, progress)
        }
        return hiding(parts, isKept: false)
    }

    /// What deletes an empty folder; it, or what carries it out, throws ``FileError/folderNotEmpty(_:)`` for another.
    func folderDeletion(_ place: Place) throws(FileError) -> FileJob {
        let given = place.given
        let told = { (error: FileError) -> FileError in
            if case .system(let cause) = error, cause.code == ENOTEMPTY { return .folderNotEmpty(given) }
            return error
        }
        do {
            try runner.expectEmpty(place.path)
        } catch {
            throw told(.system(error))
        }
        var job = hiding([place], isKept: true)
        // Since it was looked at something may have come; under its hidden name nothing can.
        job.plan.steps += job.plan.leftovers.map { .expectEmpty($0) }
        job.told = told
        return job
    }

    /// What hides something, with its side-car, and removes it at last.
    private func hiding(_ parts: [Place], isKept: Bool) -> FileJob {
        var plan = FilePlan()
        for place in parts {
            plan.rows.append(.removed(place.path, isKept: isKept))
            let hidden = HiddenName.beside(place.path)
            plan.steps.append(.rename(from: place.path, to: hidden, node: place.node))
            plan.leftovers.append(hidden)
        }
        plan.folders = parts.map { FolderPath.folder(of: $0.path) }.uniqueByBytes()
        return FileJob(
            plan: plan,
            path: parts[0].path,
            sideCar: parts.count > 1 ? parts[1].path : nil,
            folders: plan.folders,
            // What lies behind a link is judged when the link is gone.
            isAlone: parts.contains { $0.node.kind == .link }
        )
    }

    // MARK: - Trash

    /// What moves a file to a folder of the trash that tells when it was deleted and where it lay.
    private func discard(
        _ parts: [Place],
        into trash: String,
        stamp: String,
        _ roots: [LibraryRoot],
        _ progress: FileProgress
    ) throws -> FileJob {
        for number in 1...1000 {
            let base = FolderPath.joined(trash, number == 1 ? stamp : "\(stamp)-\(number)")
            let targets = parts.map { FolderPath.joined(base, trashPath($0.path, roots)) }
            guard try targets.allSatisfy({ try node($0) == nil }) else { continue }
            do {
                try files.makeFolders(FolderPath.folder(of: targets[0]))
            } catch {
                throw FileError.system(error)
            }
            var job = relocation(Array(zip(parts, targets)), progress) { _ in
                parts.map { .removed($0.path, isKept: true) }
            }
            job.folders.removeAll { own.isInTrash($0) }
            return job
        }
        throw FileError.exists(FolderPath.joined(trash, stamp))
    }

    /// The name of the root with the path below it, so that files of two roots stay apart.
    private func trashPath(_ path: String, _ roots: [LibraryRoot]) -> String {
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
