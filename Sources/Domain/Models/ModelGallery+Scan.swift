import ServiceLifecycle

extension ModelGallery {
    /// Looks for models in the folders of a type, or of all; runs as a task with progress.
    ///
    /// A file whose path is that of a model, or of one that waits, is passed over; others become pending records with
    /// what their headers say, and with the picture beside them. No body is read.
    /// Throws ``ModelGalleryError``: `unknownType`, `noFolders`; what ``GalleryTasks/run(_:)`` throws; and GRDB's
    /// `DatabaseError`.
    package func scan(type: String?) async throws -> ModelScanReport {
        if let type, !folders.kinds.contains(where: { $0.name == type }) { throw ModelGalleryError.unknownType(type) }
        guard folders.kinds.contains(where: { !$0.folders.isEmpty }) else { throw ModelGalleryError.noFolders }
        let request = TaskRequest(name: ModelScanKind.taskName, params: type.map { ["type": .string($0)] } ?? [:])
        guard let result = try await tasks.run(request) else {
            return try await cancelWhenGracefulShutdown {
                try await self.scanNow(type: type, listener: ModelScanner.Listener())
            }
        }
        guard let report = ModelScanReport(result) else {
            throw TaskRecord.Failure(code: "internal", message: "\(ModelScanKind.taskName) answered something else")
        }
        return report
    }

    /// Looks for models on a thread of its own.
    func scanNow(type: String?, listener: ModelScanner.Listener) async throws -> ModelScanReport {
        let scanner = scanner
        let stop = StopFlag()
        return try await OwnThreads.run("models.scan", isPolite: true, cancel: stop.set) {
            try scanner.scan(type: type, listener: listener, stop: stop)
        }
    }

    /// What looks for models; it leaves out all folders of the server's own but that of models.
    var scanner: ModelScanner {
        ModelScanner(
            store: library.store,
            folders: folders,
            excluded: library.excluded.union(data.privateFolders).union([data.modelSamples]),
            pictures: pendingPictures
        )
    }
}
