import Dispatch
import Foundation
import Synchronization

/// Finds model files that nothing is known of, reads their headers, and makes pending records of them.
struct ModelScanner: Sendable {
    /// Who hears of a scan.
    struct Listener: Sendable {
        /// How many files are done with, of how many (`nil` while they are counted), and what is looked at.
        var progress: @Sendable (_ current: Int, _ total: Int?, _ message: String) -> Void = { _, _, _ in }
        /// What could not be read.
        var warn: @Sendable (String) -> Void = { _ in }
    }

    /// How many files one transaction takes at most.
    private static let batch = 1_024
    /// How many lines one scan writes to its log.
    static let linesLimit = 1_000

    let store: Store
    let folders: ModelFolders
    /// Absolute, resolved paths of folders that are left out.
    let excluded: Set<String>
    let pictures: PendingPictures
    /// How many threads read headers: more than processors, since they wait for the disk.
    var threads = max(4, 2 * Processors.count)

    /// Looks for models of a type, or of all; on the calling thread and some of its own.
    ///
    /// Throws `CancellationError` once `stop` is set, and GRDB's `DatabaseError`; what was found until then stays.
    func scan(type: String?, listener: Listener, stop: StopFlag) throws -> ModelScanReport {
        let lines = Atomic(0)
        let warn = { @Sendable (line: String) in
            if lines.wrappingAdd(1, ordering: .relaxed).newValue <= Self.linesLimit { listener.warn(line) }
        }
        var walk = ModelFileWalk(folders: folders, excluded: excluded)
        walk.walk(
            type: type,
            goesOn: { folder, walk in
                listener.progress(walk.files.count, nil, folder)
                return !stop.isSet
            },
            warn: warn
        )
        var report = ModelScanReport()
        report.scanned = walk.files.count + walk.unreadable
        let files = walk.files
        for start in stride(from: 0, to: files.count, by: Self.batch) {
            guard !stop.isSet else { throw CancellationError() }
            let part = files[start..<min(start + Self.batch, files.count)]
            listener.progress(start, files.count, FolderPath.folder(of: files[start].path))
            report.pending += try take(Array(part), warn, stop)
        }
        guard !stop.isSet else { throw CancellationError() }
        let hidden = lines.load(ordering: .relaxed) - Self.linesLimit
        if hidden > 0 { listener.warn("\(hidden) more lines were left out") }
        report.skipped = report.scanned - report.pending.count
        listener.progress(files.count, files.count, "\(report.pending.count) new")
        return report
    }

    /// Reads those that are new and makes their records; answers the ids.
    private func take(
        _ candidates: [ModelFileWalk.Candidate],
        _ warn: @escaping @Sendable (String) -> Void,
        _ stop: StopFlag
    ) throws -> [Int] {
        let known = try store.areKnownModels(candidates.map(\.path))
        let fresh = zip(candidates, known).filter { !$1 }.map(\.0)
        let found = read(fresh, warn, stop)
        do {
            guard !stop.isSet else { throw CancellationError() }
            let ids = try store.addPendingModels(found)
            for (model, id) in zip(found, ids) where id == nil { pictures.remove(model.images) }
            return ids.compactMap(\.self)
        } catch {
            for model in found { pictures.remove(model.images) }
            throw error
        }
    }

    /// Reads files on several threads; what cannot be read is left out.
    private func read(
        _ candidates: [ModelFileWalk.Candidate],
        _ warn: @escaping @Sendable (String) -> Void,
        _ stop: StopFlag
    ) -> [FoundModel] {
        guard !candidates.isEmpty else { return [] }
        let results = Mutex<[Int: FoundModel]>([:])
        let shares = ScanShares(end: candidates.count, share: 16)
        let group = DispatchGroup()
        OwnThreads.start("models.read", count: min(threads, candidates.count / 16 + 1), isPolite: true, in: group) {
            let reader = ModelFileReader()
            while let share = shares.next(), !stop.isSet {
                let found = share.map { ($0, read(candidates[$0], reader, warn)) }
                results.withLock { results in
                    for (index, model) in found { results[index] = model }
                }
            }
        }
        group.wait()
        return results.withLock { results in candidates.indices.compactMap { results[$0] } }
    }

    private func read(
        _ candidate: ModelFileWalk.Candidate,
        _ reader: ModelFileReader,
        _ warn: @Sendable (String) -> Void
    ) -> FoundModel? {
        let file: ModelFileReader.File
        do {
            file = try reader.read(candidate.path)
        } catch {
            warn("\(error.description); skipped")
            return nil
        }
        var model = FoundModel(
            path: candidate.path,
            name: FolderPath.name(of: candidate.path),
            type: candidate.type,
            size: file.size,
            created: FileTime.milliseconds(file.modified),
            info: file.info
        )
        for picture in candidate.pictures {
            do {
                model.images = [try pictures.add(fileAt: picture, named: model.name)]
                break
            } catch {
                warn("\(picture): \(error); the model waits without it")
            }
        }
        return model
    }
}
