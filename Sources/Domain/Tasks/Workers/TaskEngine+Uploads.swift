extension TaskEngine {
    /// A step in the upload of a result.
    enum Upload: Sendable {
        /// Whether the lease is good, before anything is read.
        case begin(task: String, lease: String)
        /// The file is whole.
        case end(task: String, lease: String, UploadedResult)
    }

    typealias UploadCaller = CheckedContinuation<Result<Void, TaskError>, Never>

    /// Takes a step in an upload; each renews the lease.
    func take(
        _ upload: Upload,
        _ core: inout Core,
        _ batch: inout Batch,
        _ now: Milliseconds
    ) -> Result<Void, TaskError> {
        switch upload {
        case .begin(let task, let lease): return renew(task, lease, &core, now)
        case .end(let task, let lease, let result):
            if case .failure(let error) = renew(task, lease, &core, now) { return .failure(error) }
            core.desk.uploads[lease] = result
            return .success(())
        }
    }

    private func renew(_ task: String, _ lease: String, _ core: inout Core, _ now: Milliseconds) -> Result<
        Void, TaskError
    > {
        guard let ticket = core.queue.ticket(task: task, lease: lease),
            (try? core.queue.renew(ticket, now: now)) != nil
        else { return .failure(.leaseLost) }
        return .success(())
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

    /// Removes the files whose leases have ended.
    func dropUploads(_ core: inout Core) {
        for (lease, upload) in core.desk.uploads where core.queue.leases[lease] == nil {
            core.desk.uploads[lease] = nil
            results?.remove(upload)
        }
    }
}
