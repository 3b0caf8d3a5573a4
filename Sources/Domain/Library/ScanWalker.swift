#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Walks the folders of a scan, one at a time, and compares each with what the library knows of it.
final class ScanWalker {
    private let library: Library
    private let line: ScanLine
    private let meter: ScanMeter
    private let stop: StopFlag
    private let full: Bool
    /// How many files the walk has come across.
    private(set) var seen = 0

    init(library: Library, line: ScanLine, meter: ScanMeter, stop: StopFlag, full: Bool) {
        self.library = library
        self.line = line
        self.meter = meter
        self.stop = stop
        self.full = full
    }

    /// Walks a root from the folder at `path` on; a root that is not there is reported and keeps its files.
    func walk(_ root: LibraryRoot, _ path: String) throws {
        var waiting = [path]
        while let next = waiting.popLast(), !stop.isSet {
            let absolute = root.absolute(next)
            meter.enter(absolute)
            do {
                let listing = try DirectoryListing(path: absolute)
                waiting += try visit(listing, root, next).reversed()
            } catch let error as SystemError {
                // A folder that went away since its parent was read is noticed by the next scan.
                if error.code == ENOENT, !next.isEmpty, next != path { continue }
                meter.count { $0.skipped += 1 }
                meter.warn("\(error.description); what is known of it is kept")
            }
        }
    }

    /// What the library knows and the directory does not show, and the other way round.
    private struct Difference {
        /// Positions in the listing, and the ids of their rows where the path is known.
        var fresh: [(position: Int, known: Int?)] = []
        /// Ids of files.
        var missing: [Int] = []
        /// Paths of directories.
        var lost: [String] = []
        /// How many known files and folders are there.
        var present = 0
    }

    /// Compares one directory; answers the folders below that are to be walked.
    private func visit(_ listing: DirectoryListing, _ root: LibraryRoot, _ path: String) throws -> [String] {
        let directory = ScanDirectory(root: root, path: path, device: listing.device)
        let folders = listing.folders.map { FolderPath.joined(path, $0) }
            .filter { !library.excluded.contains(root.absolute($0)) }
        seen += listing.files.count
        var difference = Difference()
        let known = try compare(listing, folders, root, path, &difference)

        if let known, known.device != 0, known.device != listing.device, difference.present == 0,
            !difference.missing.isEmpty || !difference.lost.isEmpty
        {
            meter.count(done: listing.files.count) { $0.skipped += 1 }
            meter.warn("\(root.absolute(path)): this looks unmounted; what is known of it is kept")
            return []
        }
        report(listing, directory)
        if let known {
            if known.device != listing.device { line.send(.device(directory: known.id, device: listing.device)) }
            for file in difference.missing { line.send(.gone(file)) }
            for folder in difference.lost { line.send(.lost(root: root.id, path: folder)) }
        }
        for (index, id) in difference.fresh {
            if stop.isSet { return [] }
            let file = listing.files[index]
            guard let name = listing.name(file), file.size >= 0 else {
                meter.count(done: 1) { $0.skipped += 1 }
                meter.warn(
                    "\(directory.absolute(listing.displayName(file))): "
                        + (file.size < 0 ? "cannot be looked at" : "the name is not UTF-8") + "; skipped"
                )
                continue
            }
            line.examine(ScanLine.Job(directory: directory, name: name, known: id))
        }
        return folders
    }

    /// Merges the sorted listing with the sorted rows.
    private func compare(
        _ listing: DirectoryListing,
        _ folders: [String],
        _ root: LibraryRoot,
        _ path: String,
        _ difference: inout Difference
    ) throws -> Store.KnownDirectory? {
        var next = 0
        var unchanged = 0
        // By bytes: two names may be equal as Swift texts (é composed and decomposed) and be two folders.
        let present = Set(folders.map { Array($0.utf8) })
        let known = try library.store.knownDirectory(path, of: root.id) { id, name, size, modified in
            while next < listing.files.count {
                let file = listing.files[next]
                let order = listing.order(file, name)
                if order > 0 { break }
                next += 1
                guard order == 0 else {
                    difference.fresh.append((next - 1, nil))
                    continue
                }
                difference.present += 1
                // A file that cannot be looked at is there, whatever it has become.
                if file.size < 0 || (!full && file.size == size && file.modified == modified) {
                    unchanged += 1
                } else {
                    difference.fresh.append((next - 1, id))
                }
                return
            }
            difference.missing.append(id)
        } folder: { folder in
            if present.contains(Array(folder.utf8)) { difference.present += 1 } else { difference.lost.append(folder) }
        }
        difference.fresh += (next..<listing.files.count).map { ($0, nil) }
        meter.count(done: unchanged) { $0.files += unchanged }
        return known
    }

    private func report(_ listing: DirectoryListing, _ directory: ScanDirectory) {
        if listing.unnamed.count > 0 {
            meter.count { $0.skipped += listing.unnamed.count }
            meter.warn(
                "\(directory.absolute(listing.unnamed.example)): \(listing.unnamed.count) folders or links here have "
                    + "names that are not UTF-8; skipped"
            )
        }
        for link in listing.links {
            let absolute = directory.absolute(link)
            guard let target = try? FolderPath.resolved(absolute), directory.root.relative(target) == nil else {
                continue
            }
            meter.count { $0.skipped += 1 }
            meter.warn("\(absolute): the link leads out of the library folder, to \(target); skipped")
        }
    }
}
