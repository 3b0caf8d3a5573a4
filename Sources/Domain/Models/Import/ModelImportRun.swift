import Dispatch

/// Takes pending records into the gallery: several threads hash their files, one deals with the records in their order.
///
/// Each record is one transaction. A run that is cut short begins again where it stopped: hashes are kept with their
/// records, and what was done with records with the task.
final class ModelImportRun: Sendable {
    /// How often a file that is being written is read.
    private static let attempts = 3

    private let gallery: ModelGallery
    private let ids: [Int]
    private let strategy: ModelImport.Strategy?
    private let task: String
    private let stop: StopFlag
    private let meter: ModelImportMeter
    private let threads: Int
    let pictures: ImportPictures

    /// A run for a task, or with an empty `task` for none, of which nothing is noted.
    ///
    /// `stop` is the run's own.
    init(
        gallery: ModelGallery,
        ids: [Int],
        strategy: ModelImport.Strategy?,
        task: String,
        threads: Int = Processors.count,
        stop: StopFlag,
        report: @escaping @Sendable (_ current: Int, _ total: Int, _ message: String) -> Void
    ) {
        self.gallery = gallery
        self.ids = ids
        self.strategy = strategy
        self.task = task
        self.threads = max(1, threads)
        self.stop = stop
        pictures = ImportPictures(gallery: gallery, strategy: strategy)
        meter = ModelImportMeter(count: ids.count, report: report)
    }

    /// Runs to the end and answers what became of each record; throws `CancellationError` when stopped.
    ///
    /// What was done until then stays done.
    func run() throws -> [ModelImport.Outcome] {
        let store = gallery.library.store
        let known = task.isEmpty ? [:] : try store.importOutcomes(of: task)
        let left = ids.indices.filter { known[$0] == nil }.map { ids[$0] }
        let jobs = try store.importJobs(left)
        var isSeen: Set<Int> = []
        let files = left.compactMap { isSeen.insert($0).inserted ? jobs[$0] : nil }.filter { !$0.path.isEmpty }
        for file in files { meter.expect(bytesToHash(file)) }

        let line = ModelHashLine(files)
        let group = DispatchGroup()
        OwnThreads.start("models.hash", count: min(threads, files.count), isPolite: true, in: group) { [self] in
            let hasher = ModelFileHasher(stop: stop)
            line.work { job in
                let outcome = read(job, hasher)
                if case .hashed(let hash, _) = outcome { pictures.prepare(job, for: hash) }
                return outcome
            }
        }
        defer {
            // Threads that still read when the run ends early are not waited for longer than a chunk or a picture takes.
            stop.set()
            group.wait()
            pictures.discardAll()
        }
        return try ids.enumerated().map { step, id in
            if stop.isSet { throw CancellationError() }
            defer { meter.finished() }
            if let outcome = known[step] { return outcome }
            guard let job = jobs[id] else { return .failed(.notFound) }
            guard !job.path.isEmpty else { return try drop(job, step) ?? .failed(.missingPath) }
            return try promote(job, line.result(of: id), step: step)
        }
    }

    private func bytesToHash(_ job: Store.ImportJob) -> Int {
        guard let status = FileStatus(path: job.path), status != job.kept?.status else { return 0 }
        return status.size
    }

    /// The hash of a record's file; a known one, when the file is as it was.
    private func read(_ job: Store.ImportJob, _ hasher: ModelFileHasher?) -> ModelFileHasher.Outcome {
        if stop.isSet { return .stopped }
        guard let hasher else { return .unreadable }
        if let kept = kept(job) { return kept }
        let turn = gallery.hashTurns.begin(job.id, stop: stop)
        if turn == .stopped { return .stopped }
        defer { gallery.hashTurns.end(job.id) }
        if turn == .waited, let fresh = try? gallery.library.store.importJobs([job.id])[job.id], let kept = kept(fresh)
        {
            meter.hashed(fresh.kept?.status.size ?? 0)
            return kept
        }
        for _ in 0..<Self.attempts {
            let outcome = hasher.hash(job.path, counted: meter.hashed)
            if case .changed = outcome { continue }
            if case .hashed(let hash, let status) = outcome {
                // Keeping it only saves time: the import goes on without.
                try? gallery.library.store.keepHash(hash, status, of: job)
            }
            return outcome
        }
        return .changed
    }

    /// The hash that is known of a record's file, when the file is as it was.
    private func kept(_ job: Store.ImportJob) -> ModelFileHasher.Outcome? {
        guard let kept = job.kept, FileStatus(path: job.path) == kept.status else { return nil }
        return .hashed(kept.hash, kept.status)
    }

    /// Deals with a record whose file was read before: as it is now, it is what is imported.
    func promote(
        _ job: Store.ImportJob,
        _ first: ModelFileHasher.Outcome,
        step: Int
    ) throws -> ModelImport.Outcome {
        var outcome = first
        for _ in 0..<Self.attempts {
            switch outcome {
            case .stopped: throw CancellationError()
            case .changed: return .failed(.hashFailed)
            case .unreadable: return try drop(job, step) ?? .failed(.hashFailed)
            case .hashed(let hash, let status):
                // It may have waited long for its turn.
                if FileStatus(path: job.path) == status {
                    let step = task.isEmpty ? nil : (task, step)
                    return try promote(
                        Store.Promotion(job: job, hash: hash, size: status.size, strategy: strategy, step: step)
                    )
                }
                var changed = job
                changed.kept = nil
                outcome = read(changed, ModelFileHasher(stop: stop))
            }
        }
        return .failed(.hashFailed)
    }

    /// Removes a record whose file cannot be read, when records are to be removed: it would wait for ever.
    private func drop(_ job: Store.ImportJob, _ step: Int) throws -> ModelImport.Outcome? {
        strategy == .delete ? try gallery.drop(job, step: task.isEmpty ? nil : (task, step)) : nil
    }

    private func promote(_ promotion: Store.Promotion) throws -> ModelImport.Outcome {
        do {
            return try gallery.promote(promotion, with: try pictures.take(promotion.job, for: promotion.hash))
        } catch let failure as ModelImport.Failure {
            return .failed(failure)
        }
    }
}
