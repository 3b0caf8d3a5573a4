#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Walks the folders of a scan, one at a time, and compares each with what the library knows of it.
final class ScanWalker {
    /// Which files a walk has examined that look as they did.
    enum Reading: Sendable {
        case none
        /// All, for what they say of themselves.
        case all
        /// All, and their contents too.
        case allAndContents
    }

    private let library: Library
    private let line: ScanLine
    private let meter: ScanMeter
    private let stop: StopFlag
    private let reading: Reading
    /// Folders, absolute, that are to be walked by themselves.
    private let named: Set<ByteText>
    /// Those of them that were read with a folder above, in which they were new.
    private var isRead: Set<ByteText> = []
    /// How many files the walk has come across.
    private(set) var seen = 0

    init(
        library: Library,
        line: ScanLine,
        meter: ScanMeter,
        stop: StopFlag,
        reading: Reading,
        named: Set<ByteText> = []
    ) {
        self.library = library
        self.line = line
        self.meter = meter
        self.stop = stop
        self.reading = reading
        self.named = named
    }

    /// Walks a root from the folder at `path` on; a root that is not there is reported and keeps its files.
    ///
    /// A shallow walk goes only into folders below that the library does not know, and not at all into one that was read
    /// with such a folder: nothing of it is written yet, so all of its files would be taken for new once more.
    func walk(_ root: LibraryRoot, _ path: String, isShallow: Bool = false) throws {
        if isShallow, isRead.contains(ByteText(root.absolute(path))) { return }
        var waiting = [(path: path, isShallow: isShallow)]
        while let next = waiting.popLast(), !stop.isSet {
            let absolute = root.absolute(next.path)
            meter.enter(absolute)
            do {
                let listing = try DirectoryListing(path: absolute)
                waiting += try visit(listing, root, next.path, isShallow: next.isShallow).reversed().map { ($0, false) }
                // Not before: what failed is tried again where it is named.
                if !next.isShallow, named.contains(ByteText(absolute)) { isRead.insert(ByteText(absolute)) }
            } catch let error as SystemError {
                if error.code == ENOENT || error.code == ENOTDIR, !next.path.isEmpty {
                    if next.isShallow, let parent = FolderPath.parent(next.path) {
                        waiting.append((parent, true))
                        continue
                    }
                    // A folder that went away since its parent was read is noticed by the next scan.
                    if next.path != path { continue }
                }
                meter.count { $0.skipped += 1 }
                meter.warn("\(error.description); what is known of it is kept")
            }
        }
    }

    /// What the library knows and the directory does not show, and the other way round.
    private struct Difference {
        /// Positions in the listing, with what their rows say where the path is known.
        var fresh: [(position: Int, known: Store.KnownFile?)] = []
        /// Ids of files.
        var missing: [Int] = []
        /// Paths of directories.
        var lost: [String] = []
        /// Paths of directories that are known and there.
        var familiar: Set<[UInt8]> = []
        /// How many known files and folders are there.
        var present = 0
    }

    /// Compares one directory; answers the folders below that are to be walked.
    private func visit(
        _ listing: DirectoryListing,
        _ root: LibraryRoot,
        _ path: String,
        isShallow: Bool
    ) throws -> [String] {
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
        if known?.device != listing.device || known?.modified != listing.modified {
            line.send(.directory(directory, modified: listing.modified))
        }
        line.note(gone: difference.missing)
        for folder in difference.lost { line.note(lost: root, folder) }
        try examine(difference.fresh, listing, directory)
        guard isShallow else { return folders }
        return folders.filter { !difference.familiar.contains(Array($0.utf8)) }
    }

    /// Hands on what is new or has changed.
    private func examine(
        _ fresh: [(position: Int, known: Store.KnownFile?)],
        _ listing: DirectoryListing,
        _ directory: ScanDirectory
    ) throws {
        guard !fresh.isEmpty else { return }
        let handle = try DirectoryHandle(path: directory.root.absolute(directory.path))
        var entries: [ScanJob.Entry] = []
        for (index, known) in fresh {
            if stop.isSet { return }
            let file = listing.files[index]
            guard let name = listing.name(file), file.size >= 0 else {
                meter.count(done: 1) { $0.skipped += 1 }
                meter.warn(
                    "\(directory.absolute(listing.displayName(file))): "
                        + (file.size < 0 ? "cannot be looked at" : "the name is not UTF-8") + "; skipped"
                )
                continue
            }
            let entry = ScanJob.Entry(
                name: name,
                known: known?.id,
                size: file.size,
                modified: file.modified,
                inode: file.inode,
                sidecar: listing.sidecarMark(of: file),
                rehash: reading == .allAndContents,
                looksSame: known.map { looksSame(file, $0, listing) && reading == .none } ?? false
            )
            // Another inode under a known name is a file that was written anew, or another file of the library that
            // was moved here: which of them is known when all folders have been walked.
            if let inode = known?.inode, inode != file.inode {
                line.putOff(ScanJob(directory: directory, handle: nil, entries: [entry]))
                continue
            }
            entries.append(entry)
            if entries.count == ScanJob.limit {
                line.examine(ScanJob(directory: directory, handle: handle, entries: entries))
                entries = []
            }
        }
        if !entries.isEmpty { line.examine(ScanJob(directory: directory, handle: handle, entries: entries)) }
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
        let known = try library.store.knownDirectory(path, of: root.id) { known, name in
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
                if file.size < 0 || (reading == .none && isUnchanged(file, known, listing)) {
                    unchanged += 1
                } else {
                    difference.fresh.append((next - 1, known))
                }
                return
            }
            difference.missing.append(known.id)
        } folder: { folder in
            let bytes = Array(folder.utf8)
            if present.contains(bytes) {
                difference.present += 1
                difference.familiar.insert(bytes)
            } else {
                difference.lost.append(folder)
            }
        }
        difference.fresh += (next..<listing.files.count).map { ($0, nil) }
        meter.count(done: unchanged) { $0.files += unchanged }
        return known
    }

    private func isUnchanged(
        _ file: DirectoryListing.File,
        _ known: Store.KnownFile,
        _ listing: DirectoryListing
    ) -> Bool {
        file.inode == known.inode && looksSame(file, known, listing)
    }

    private func looksSame(
        _ file: DirectoryListing.File,
        _ known: Store.KnownFile,
        _ listing: DirectoryListing
    ) -> Bool {
        file.size == known.size && file.modified == known.modified && known.reader >= MediaReader.version
            && listing.sidecarMark(of: file) == known.sidecar
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
