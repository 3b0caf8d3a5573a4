import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What flattening a folder did or would do.
package struct FlattenReport: Hashable, Sendable {
    /// How many pictures, videos and sounds lie in folders below.
    package var total = 0
    /// Names that more than one of them has, or that are taken in the folder itself, side-cars included; sorted.
    package var conflicts: [String] = []
    /// How many were moved.
    package var moved = 0
    /// What failed.
    package var failures: [FileFailure] = []

    /// A report of nothing.
    package init() {}
}

extension FileOperations {
    /// Moves all pictures, videos and sounds below a folder into it, with their side-cars, and removes the folders that
    /// are empty then.
    ///
    /// Nothing is moved in a dry run, or when there are conflicts. Links to folders are not followed. Throws
    /// ``FileError/notFolder(_:)``, ``FileError/forbidden(_:)``.
    package func flatten(_ path: String, isDry: Bool, policy: PathPolicy) async throws -> FlattenReport {
        try await threads.run { [self] in
            let folder = try fillable(path, policy)
            guard (try? files.node(folder))?.kind == .folder else { throw FileError.notFolder(path) }
            var report = FlattenReport()
            let below = walk(folder, &report)
            report.total = below.media.count
            report.conflicts = try conflicts(below.media, in: folder)
            if isDry || !report.conflicts.isEmpty { return report }
            let moves = work(below.media) { place, progress in
                let target = FolderPath.joined(folder, FolderPath.name(of: place.path))
                return try moving(place, to: target, given: path, progress)
            }
            report.moved = moves.count
            // Folders below come after those they lie in.
            let removals = work(below.folders.reversed().filter { own.mayChange($0.path) }) { place, _ in
                try folderDeletion(place)
            }
            report.failures +=
                moves.failed
                + removals.failed.filter { failure in
                    if case .folderNotEmpty = failure.error { false } else { true }
                }
            return report
        }
    }

    /// Does the same with each place; what the store threw is told of once, and ends it.
    private func work(_ places: [Place], _ plan: (Place, FileProgress) throws -> FileJob) -> FileProgress {
        var progress = FileProgress()
        do {
            try each(places.map(\.path), continues: true, &progress) { try plan(places[$0], $1) }
        } catch {
            logger.error("files could not be moved", metadata: ["error": "\(error)"])
            let number = progress.count + progress.failures.count
            if let path = places.indices.contains(number) ? places[number].path : places.first?.path {
                progress.failures[number] = FileFailure(path: path, error: .stuck(path))
            }
        }
        return progress
    }

    /// All folders below one, and what lies in them.
    private func walk(_ top: String, _ report: inout FlattenReport) -> (folders: [Place], media: [Place]) {
        var folders: [Place] = []
        var media: [Place] = []
        var waiting = [top]
        while let folder = waiting.popLast() {
            do {
                let entries = try files.entries(in: folder)
                // What has a name that no client could write stays where it is, and holds nothing else back.
                if !entries.areAll {
                    let error = SystemError(code: EILSEQ, action: folder)
                    report.failures.append(FileFailure(path: folder, error: .system(error)))
                }
                for name in entries.names.sorted() {
                    let path = FolderPath.joined(folder, name)
                    guard let node = try files.node(path) else { continue }
                    let place = Place(given: path, path: path, node: node)
                    if node.kind == .folder {
                        guard own.mayFill(path) else { continue }
                        folders.append(place)
                        waiting.append(path)
                    } else if node.kind != .other, folder != top, MediaKind(name: name) != nil {
                        media.append(place)
                    }
                }
            } catch {
                report.failures.append(FileFailure(path: folder, error: .system(error)))
            }
        }
        return (folders, media)
    }

    private func conflicts(_ media: [Place], in folder: String) throws -> [String] {
        var seen: Set<ByteText> = []
        var conflicts: Set<ByteText> = []
        for place in media {
            let car = try sideCar(of: place.path)
            for path in [place.path] + (car.map { [$0.path] } ?? []) {
                let name = ByteText(FolderPath.name(of: path))
                let isTaken = try node(FolderPath.joined(folder, name.text)) != nil
                if !seen.insert(name).inserted || isTaken { conflicts.insert(name) }
            }
        }
        return conflicts.sorted().map(\.text)
    }
}
