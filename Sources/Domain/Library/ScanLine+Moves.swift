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
        let candidates = try scanner.library.store.moveCandidates(suspects.map(\.inode), on: job.directory.device)
        guard !candidates.isEmpty else { return job.entries }
        let byInode = Dictionary(grouping: candidates, by: \.inode)
        var left: [ScanJob.Entry] = []
        for var entry in job.entries {
            let found = (byInode[entry.inode] ?? []).first { candidate in
                candidate.id != entry.known
                    && (candidate.looksLike(entry) || candidate.isOlder(than: job.directory.absolute(entry.name)))
                    && candidate.hasLeft && endings.withLock { $0.claimed.insert(candidate.id).inserted }
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

    /// Whether the file is no longer where it was; a place that cannot be looked at still has it.
    var hasLeft: Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return status.number != inode }
        return errno == ENOENT || errno == ENOTDIR
    }
}
