import ServiceLifecycle

extension ModelGallery {
    /// Takes records in, one after the other, each for itself, and answers what became of each, in the same order.
    ///
    /// Runs as tasks `model_import` with progress in bytes, or on own threads where no tasks run. Throws the failure of
    /// a task, unless others are done by then: their outcomes are answered, and the failure for every other record.
    /// Throws `CancellationError` when the caller is cancelled or the server shuts down; then a task goes on, and what was
    /// done stays done.
    package func importModels(_ ids: [Int], strategy: ModelImport.Strategy?) async throws -> [ModelImport.Outcome] {
        let store = library.store
        let known = try await threads.run { Set(try store.importJobs(ids).keys) }
        var mentioned: Set<Int> = []
        let records = ids.filter { known.contains($0) && mentioned.insert($0).inserted }
        var outcomes = try await Self.inParts(records, of: ModelImportKind.limit) { try await importPart($0, strategy) }
        return ids.map { id in
            guard let outcome = outcomes[id] else { return .failed(.notFound) }
            // The record is gone after it, so that an id that comes again names none.
            switch outcome {
            case .success, .deleted: outcomes[id] = nil
            case .conflict, .ignored, .failed: break
            }
            return outcome
        }
    }

    /// Imports records in parts, one after the other; a part that fails after others are done ends it, and is told of each
    /// record that is left.
    static func inParts(
        _ records: [Int],
        of limit: Int,
        _ run: ([Int]) async throws -> [ModelImport.Outcome]
    ) async throws -> [Int: ModelImport.Outcome] {
        var outcomes: [Int: ModelImport.Outcome] = [:]
        for start in stride(from: 0, to: records.count, by: limit) {
            let part = Array(records[start..<min(start + limit, records.count)])
            do {
                for (id, outcome) in zip(part, try await run(part)) { outcomes[id] = outcome }
            } catch let error where start > 0 && !(error is CancellationError) {
                let reason = (error as? TaskRecord.Failure)?.message ?? String(describing: error)
                let failure = ModelImport.Failure.cutShort("The import was cut short: \(reason)")
                for id in records[start...] { outcomes[id] = .failed(failure) }
                return outcomes
            }
        }
        return outcomes
    }

    private func importPart(_ ids: [Int], _ strategy: ModelImport.Strategy?) async throws -> [ModelImport.Outcome] {
        let kind = ModelImportKind(gallery: self)
        let params = ModelImportKind.parameters(ids, strategy)
        guard let result = try await tasks.run(TaskRequest(name: kind.name, params: params)) else {
            let context = TaskContext(task: "", params: params, attempt: 1, report: { _ in }, write: { _, _ in })
            return try await cancelWhenGracefulShutdown { try await kind.run(ids, strategy, context) }
        }
        let outcomes = result["outcomes"]?.array?.compactMap { ModelImport.Outcome(json: $0) } ?? []
        guard outcomes.count == ids.count else {
            throw TaskRecord.Failure(code: "internal", message: "the task answered something else than outcomes")
        }
        return outcomes
    }

    /// Removes a record whose file cannot be read, and the pictures that wait with it; blocks.
    func drop(_ job: Store.ImportJob, step: (task: String, number: Int)?) throws -> ModelImport.Outcome {
        let outcome = try library.store.drop(job, step: step)
        if case .deleted = outcome { pendingPictures.remove(job.images) }
        return outcome
    }

    /// Deals with one record whose file has been hashed, and with the picture of it that was made ready; blocks.
    func promote(_ promotion: Store.Promotion, with picture: ModelSamples.Arriving?) throws -> ModelImport.Outcome {
        let outcome: ModelImport.Outcome
        do {
            outcome = try commit {
                try library.store.promote(promotion) { database in
                    if let picture { _ = try Store.placeSample(picture.id, database) }
                }
            }
        } catch {
            picture.map(samples.discard)
            throw error
        }
        switch outcome {
        case .success:
            picture.map(samples.settle)
            pendingPictures.remove(promotion.job.images)
        case .deleted:
            picture.map(samples.discard)
            pendingPictures.remove(promotion.job.images)
        case .conflict, .ignored, .failed: picture.map(samples.discard)
        }
        return outcome
    }
}
