import ServiceLifecycle

extension ModelGallery {
    /// Takes records in, one after the other, each for itself, and answers what became of each, in the same order.
    ///
    /// Runs as tasks `model_import` with progress in bytes, or on own threads where no tasks run. Throws the failure of
    /// a task, and `CancellationError` when the caller is cancelled or the server shuts down; then a task goes on, and
    /// what was done stays done.
    package func importModels(_ ids: [Int], strategy: ModelImport.Strategy?) async throws -> [ModelImport.Outcome] {
        var outcomes: [ModelImport.Outcome] = []
        for start in stride(from: 0, to: ids.count, by: ModelImportKind.limit) {
            let part = Array(ids[start..<min(start + ModelImportKind.limit, ids.count)])
            outcomes += try await importPart(part, strategy)
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

    /// Deals with one record whose file has been hashed; blocks.
    func promote(_ promotion: Store.Promotion) throws -> ModelImport.Outcome {
        try commit { try library.store.promote(promotion) }
    }
}
