import Dispatch

extension TaskEngine {
    /// A step in the upload of a result.
    enum Upload: Sendable {
        /// Whether the lease is good, before anything is read.
        case begin(task: String, lease: String)
        /// The file is whole.
        case end(task: String, lease: String, UploadedResult)
    }

    /// Who waits for a step to be taken.
    typealias UploadCaller = CheckedContinuation<Result<Void, TaskError>, Never>

    /// Makes sure that a lease on a task is good, and lets it last again; throws ``TaskError/leaseLost``.
    package func checkLease(_ lease: String, of task: String) async throws(TaskError) {
        try await take(.begin(task: task, lease: lease))
    }

    /// Keeps a result too large for one message until the word that its task is done, in place of an earlier one.
    ///
    /// Throws ``JSONError`` when it is no JSON or nested deeper than ``TaskResult/depth``, ``TaskError/leaseLost`` when
    /// the lease has ended, and ``TaskError/internal(_:)`` when the file cannot be written.
    package func keepResult(_ json: [UInt8], for task: String, lease: String) async throws {
        guard let results else { throw TaskError.internal("there is no folder for results") }
        let upload = UploadedResult(path: results.makePath())
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Void, any Error>) in
            DispatchQueue.global().async {
                caller.resume(
                    with: Result {
                        try JSONParser.check(json, depth: TaskResult.depth)
                        do throws(SystemError) {
                            try WholeFile.write(json, to: upload.path, durably: false)
                        } catch {
                            throw TaskError.internal("a result cannot be kept: \(error)")
                        }
                    }
                )
            }
        }
        do throws(TaskError) {
            try await take(.end(task: task, lease: lease, upload))
        } catch {
            results.remove(upload)
            throw error
        }
    }

    private func take(_ upload: Upload) async throws(TaskError) {
        let result = await withCheckedContinuation { post(.upload(upload, $0)) }
        try result.get()
    }

    // MARK: - On the engine's queue

    /// Takes a step in an upload; each renews the lease.
    func take(
        _ upload: Upload,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) -> Result<Void, TaskError> {
        do throws(TaskError) {
            switch upload {
            case .begin(let task, let lease): try renew(task, lease, &core, now)
            case .end(let task, let lease, let result):
                try renew(task, lease, &core, now)
                if let former = core.desk.uploads[lease] { batch.dropped.append(former) }
                core.desk.uploads[lease] = result
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func renew(
        _ task: String,
        _ lease: String,
        _ core: inout Core,
        _ now: Milliseconds
    ) throws(TaskError) {
        guard let ticket = core.queue.ticket(task: task, lease: lease) else { throw .leaseLost }
        try core.queue.renew(ticket, now: now)
    }

    /// The result that was uploaded for a lease, or `null`; throws ``TaskError/internal(_:)`` when it cannot be read.
    func uploadedResult(_ ticket: TaskTicket, _ core: Core) throws(TaskError) -> TaskResult {
        do {
            guard let upload = core.desk.uploads[ticket.lease] else { return try TaskResult(.null) }
            return try TaskResult(encoded: try WholeFile.read(upload.path, limit: .max))
        } catch {
            throw .internal("an uploaded result cannot be read: \(error)")
        }
    }

    /// Removes the files that were replaced or whose leases have ended.
    func dropUploads(_ batch: Batch, _ core: inout Core) {
        for upload in batch.dropped { results?.remove(upload) }
        for (lease, upload) in core.desk.uploads where core.queue.leases[lease] == nil {
            core.desk.uploads[lease] = nil
            results?.remove(upload)
        }
    }
}
