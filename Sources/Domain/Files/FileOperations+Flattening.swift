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
            var folders: Set<ByteText> = []
            defer { settle(folders) }
            for place in below.media {
                let failure = attempt(place.path) {
                    let target = FolderPath.joined(folder, FolderPath.name(of: place.path))
                    folders.formUnion(try move(place, to: target, given: path).folders)
                }
                if let failure { report.failures.append(failure) } else { report.moved += 1 }
            }
            // Folders below come after those they lie in.
            for place in below.folders.reversed() where own.mayChange(place.path) {
                let failure = attempt(place.path) {
                    do {
                        folders.formUnion(try deleteFolder(place).folders)
                    } catch FileError.folderNotEmpty {}
                }
                if let failure { report.failures.append(failure) }
            }
            return report
        }
    }

    private func attempt(_ path: String, _ body: () throws -> Void) -> FileFailure? {
        do {
            try body()
            return nil
        } catch let error as FileError {
            return FileFailure(path: path, error: error)
        } catch {
            logger.error("a file could not be moved", metadata: ["path": "\(path)", "error": "\(error)"])
            return FileFailure(path: path, error: .stuck(path))
        }
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
