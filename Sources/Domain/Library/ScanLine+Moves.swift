import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which files are known ones at another path.
extension ScanLine {
    /// Finds out which files are known ones that were moved here; answers the others.
    func claim(_ job: ScanJob, _ batch: inout ScanBatch) throws -> [ScanJob.Entry] {
        // A known path with the inode it had is no other file.
        let suspects = job.entries.filter { $0.known == nil || job.handle == nil }
        guard !isFirst, !suspects.isEmpty else { return job.entries }
        let byInode = try candidates(Set(suspects.map(\.inode)), on: job.directory.device)
        guard !byInode.isEmpty else { return job.entries }
        var left: [ScanJob.Entry] = []
        for var entry in job.entries {
            let found = (byInode[entry.inode] ?? []).first { candidate in
                candidate.id != entry.known && !candidate.isCopyKept(of: entry)
                    && (candidate.looksLike(entry) || candidate.isOlder(than: job.directory.absolute(entry.name)))
                    && candidate.hasLeft(for: entry.name)
                    && endings.withLock { $0.claimed.insert(candidate.id).inserted }
            }
            guard let found else {
                left.append(entry)
                continue
            }
            batch.moved.append(MovedFile(id: found.id, directory: job.directory, name: entry.name))
            // What was known here before lies elsewhere, or is gone.
            if let displaced = entry.known { note(gone: [displaced]) }
            if found.looksLike(entry), found.sidecar == entry.sidecar {
                meter.count(done: 1) { $0.files += 1 }
            } else {
                entry.known = found.id
                entry.isMoved = true
                left.append(entry)
            }
        }
        return left
    }

    /// The known files with one of these inodes that may have moved.
    ///
    /// Of a file with many names those that left are looked for once a scan: each name would look at all the others.
    private func candidates(_ inodes: Set<Int>, on device: Int) throws -> [Int: [MoveCandidate]] {
        let known = endings.withLock { $0.crowds[device] ?? [:] }
        let asked = inodes.filter { known[$0] == nil }
        let found = try scanner.library.store.moveCandidates(asked, on: device, limit: Self.crowd + 1)
        var byInode = Dictionary(grouping: found, by: \.inode)
        for (inode, candidates) in byInode where candidates.count > Self.crowd {
            let all = try scanner.library.store.moveCandidates([inode], on: device, limit: .max)
            let left = all.filter { $0.place != .itself }
            endings.withLock { $0.crowds[device, default: [:]][inode] = left }
            byInode[inode] = left
        }
        return byInode.merging(known.filter { inodes.contains($0.key) }) { first, _ in first }
    }

    /// How many names a file has at most whose places are looked at for each of them.
    private static var crowd: Int { 8 }

    /// Examines what was put off: first all moves among it, then what was not moved.
    func examinePutOff() throws {
        let jobs = endings.withLock { endings in
            defer { endings.putOff = [] }
            return endings.putOff
        }
        var left: [ScanJob] = []
        for var job in jobs where !stop.isSet {
            var batch = ScanBatch()
            job.entries = try claim(job, &batch)
            if !batch.isEmpty { send(.batch(batch)) }
            left.append(job)
        }
        for var job in left where !stop.isSet {
            var batch = ScanBatch()
            let claimed = endings.withLock { $0.claimed }
            job.entries = job.entries.compactMap { entry in
                var entry = entry
                if let known = entry.known, claimed.contains(known), !entry.isMoved {
                    // Its row went where the file went; what lies here now is new.
                    entry.known = nil
                } else if entry.looksSame, !entry.isMoved, let known = entry.known {
                    batch.inodes.append((known, entry.inode))
                    meter.count(done: 1) { $0.files += 1 }
                    return nil
                }
                return entry
            }
            if !batch.isEmpty { send(.batch(batch)) }
            if !job.entries.isEmpty { examine(job) }
        }
        working.wait()
    }
}

extension MoveCandidate {
    func looksLike(_ entry: ScanJob.Entry) -> Bool { size == entry.size && modified == entry.modified }

    /// Whether a file that has its inode now is the same, written to meanwhile: it had the inode before the library knew
    /// this one, so no other file had it since.
    func isOlder(than path: String) -> Bool { FileBirth.milliseconds(path).map { $0 <= added } ?? false }

    /// What lies where the file was.
    enum Place {
        case itself
        case another
        case nothing
    }

    /// What lies where the file was; a place that cannot be looked at still has it.
    var place: Place {
        var status = stat()
        if lstat(path, &status) == 0 { return status.number == inode ? .itself : .another }
        return errno == ENOENT || errno == ENOTDIR ? .nothing : .itself
    }

    /// Whether it is what lay in this entry's place before, kept under another name and put back.
    ///
    /// The row of the place stays then; what people said of the other finds it by its content.
    func isCopyKept(of entry: ScanJob.Entry) -> Bool {
        entry.known != nil && MediaKind(name: entry.name) != nil && MediaKind(name: path) == nil
    }

    /// Whether the file is no longer where it was, and has gone to `name`.
    ///
    /// Programs that keep what they replace give it a name that is no picture's, such as `a.png_original`, and the picture
    /// that lies in its place then is the same to whoever tagged it.
    func hasLeft(for name: String) -> Bool {
        switch place {
        case .itself: false
        case .nothing: true
        case .another: MediaKind(name: name) != nil || MediaKind(name: path) == nil
        }
    }
}
