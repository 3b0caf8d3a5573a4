import Foundation

extension MediaIndex {
    /// How many files the index lists.
    package func count() async throws -> Int {
        let store = library.store
        return try await threads.run { try store.mediaCount() }
    }

    /// Takes in what changed on the disk, and returns when searches find it; hashes and previews follow by themselves.
    ///
    /// Runs as a task `scan`, unless nothing changed. Throws the failure of that task.
    package func update() async throws { try await ask(.update) }

    /// Takes in what changed on the disk when nobody asked for it: a few files quietly, more as a task `scan`.
    ///
    /// Throws as ``update()``.
    package func takeInChanges() async throws { try await ask(.update, isQuiet: true) }

    /// Reads all files again and drops automatic tags that none has any more.
    ///
    /// Readers see no gap. Ids, custom tags and people's texts stay. Throws as ``update()``.
    package func rebuild() async throws { try await ask(.rebuild) }

    /// Folders in which something may have changed since they were read.
    package func expiredFolders() async throws -> [String] {
        try await threads.run { [library] in try library.expiredFolders(library.passes.pending) }
    }

    /// Makes sure that the index knows the files at these paths, taking in at once those it does not.
    ///
    /// Their contents are known after it too, unless they are very long: what people say of a file is then never lost,
    /// wherever the file goes. Throws ``MediaIndexError``: `noFile`, `outsideLibrary`.
    package func ensureIndexed(_ paths: [String]) async throws {
        let library = self.library
        _ = try await threads.run { try FileIntake(library: library).take(paths) }
        textsChanged()
    }

    /// Says that something was changed in these folders, so that the index looks at them soon.
    package func noteChanges(in folders: [String]) {
        guard !folders.isEmpty else { return }
        // Nobody waits; what fails is owed to the next update.
        threads.start { [self] in ask(.folders(Set(folders.map { ByteText($0) }))) { _ in } }
    }

    private func ask(_ wish: IndexPasses.Wish, isQuiet: Bool = false) async throws {
        let caller = PassCaller()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                caller.wait(continuation)
                // Asking who watches the folders may block, so it is done on our threads.
                threads.start { [self] in
                    // A pass ends on a polite thread, which is to wake nobody (see OwnThreads).
                    ask(wish, isQuiet: isQuiet) { [threads] result in threads.start { caller.answer(result) } }
                }
            }
        } onCancel: {
            caller.answer(.failure(CancellationError()))
        }
    }

    private func ask(_ wish: IndexPasses.Wish, isQuiet: Bool = false, _ waiter: @escaping IndexPasses.Waiter) {
        // What cannot be looked at now is for the update.
        if wish == .update { try? library.adoptExtraPaths() }
        switch library.passes.request(wish, id: UUID().uuidString.lowercased(), waiter: waiter) {
        case .current: waiter(.success(()))
        case .waiting: break
        case .submit(let id):
            let isTask = !isQuiet || (try? library.areFew(library.passes.pending)) != true
            begin(id, isRebuild: wish == .rebuild, isTask: isTask)
        }
    }

    private func begin(_ id: String, isRebuild: Bool, isTask: Bool = true) {
        let passes = library.passes
        guard isTask, let submit = submitter else {
            let session = ScanSession(
                scanner: Scanner(library: library),
                stop: StopFlag(),
                progress: { _, _, _ in },
                log: { _, _ in }
            )
            OwnThreads.detach("scan") { [followUp, threads] in
                OwnThreads.giveWay()
                // A failure is told to those who wait.
                guard (try? session.run(isRebuild ? .rebuild : .changes, id: id)) != nil else { return }
                threads.start(followUp)
            }
            return
        }
        Task {
            do {
                let params: JSON = isRebuild ? ["rebuild": true] : ["changed": true]
                try await submit(TaskRequest(name: "scan", params: params, id: id))
            } catch {
                passes.gaveUp(id, error)
            }
        }
    }
}
