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
    package func update() async throws { try await pass(rebuild: false) }

    /// Reads all files again and drops automatic tags that none has any more; readers see no gap. Ids, custom tags and
    /// people's texts stay.
    package func rebuild() async throws { try await pass(rebuild: true) }

    /// Folders in which something may have changed since they were read.
    package func expiredFolders() async throws -> [String] {
        let store = library.store
        return try await threads.run {
            try store.directoryTimes().filter { FolderTime(path: $0.path)?.modified != $0.modified }.map(\.path)
        }
    }

    /// Makes sure that the index knows the files at these paths, taking in at once those it does not.
    ///
    /// Their contents are known after it too, unless they are very long: what people say of a file is then never lost,
    /// wherever the file goes. Throws ``MediaIndexError``: `noFile`, `outsideLibrary`.
    package func ensureIndexed(_ paths: [String]) async throws {
        let library = self.library
        _ = try await threads.run { try FileIntake(library: library).take(paths) }
    }

    /// Says that something was changed in these folders, so that the index looks at them soon.
    package func noteChanges(in folders: [String]) { library.passes.note(folders) }

    private func pass(rebuild: Bool) async throws {
        let passes = library.passes
        // Asking who watches the folders may block, so it is done on our threads.
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Void, any Error>) in
            threads.start { [self] in
                let request = passes.request(rebuild: rebuild, id: UUID().uuidString) { caller.resume(with: $0) }
                switch request {
                case .current: caller.resume()
                case .waiting: break
                case .submit(let id): begin(id, rebuild: rebuild)
                }
            }
        }
    }

    private func begin(_ id: String, rebuild: Bool) {
        let passes = library.passes
        guard let submit = submitter else {
            let scanner = Scanner(library: library)
            OwnThreads.detach("scan") {
                OwnThreads.giveWay()
                let session = ScanSession(
                    scanner: scanner,
                    stop: StopFlag(),
                    progress: { _, _, _ in },
                    log: { _, _ in }
                )
                // A failure is told to those who wait.
                _ = try? session.run(rebuild ? .rebuild : .changes, id: id)
            }
            return
        }
        Task {
            do {
                let params: JSON = rebuild ? ["rebuild": true] : ["changed": true]
                try await submit(TaskRequest(name: "scan", params: params, id: id))
            } catch {
                passes.gaveUp(id, error)
            }
        }
    }
}
