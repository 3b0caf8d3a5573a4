/// What Celery's result backend says of a task (contracts/socketio.md §8, Results).
enum CeleryResult: Hashable {
    /// It runs, with what it says of its progress, if anything.
    case started(TaskRecord.Progress?)
    /// It waits, or will be tried again by Celery itself.
    case pending
    case success(JSON)
    case failure(TaskRecord.Failure, traceback: String?)
    /// The process that ran it died.
    case workerLost(String)
    case revoked

    /// Reads what stands at the result's key; what is no such JSON is a failure `bad_result`.
    init(_ bytes: [UInt8]) {
        guard let meta = try? JSONParser.parse(bytes, depth: CeleryEnvelope.depth),
            let status = meta["status"]?.string
        else {
            self = .failure(
                TaskRecord.Failure(code: "bad_result", message: "Celery's result is not JSON with a status"),
                traceback: nil
            )
            return
        }
        switch status {
        case "SUCCESS": self = .success(meta["result"] ?? .null)
        case "FAILURE": self = Self.failure(meta)
        case "REVOKED": self = .revoked
        // A state that nobody has stored is no news; RETRY comes back to the queue.
        case "PENDING", "RECEIVED", "RETRY": self = .pending
        default: self = .started(Self.progress(meta["result"]))
        }
    }

    /// Whether nothing more happens to the task.
    var isFinal: Bool {
        switch self {
        case .started, .pending: false
        case .success, .failure, .workerLost, .revoked: true
        }
    }

    private static func failure(_ meta: JSON) -> CeleryResult {
        let error = meta["result"]
        let type = error?["exc_type"]?.string ?? "failed"
        let message: String =
            switch error?["exc_message"] {
            case .string(let text)?: text
            case .array(let parts)?: parts.map { $0.string ?? $0.text }.joined(separator: ", ")
            case let other?: other.text
            case nil: error?.string ?? error?.text ?? ""
            }
        if type == "WorkerLostError" { return .workerLost(message) }
        let text = message.isEmpty ? type : message
        return .failure(
            TaskRecord.Failure(code: String(type.prefix(128)), message: String(text.prefix(8_192))),
            traceback: meta["traceback"]?.string
        )
    }

    /// What `update_state(meta={"current": …, "total": …})` says.
    private static func progress(_ meta: JSON?) -> TaskRecord.Progress? {
        guard let current = meta?["current"]?.int, current >= 0 else { return nil }
        let total = meta?["total"]?.int
        let message = meta?["message"]?.string ?? meta?["status"]?.string ?? ""
        return TaskRecord.Progress(current: current, total: total.map { max(0, $0) }, message: message)
    }
}
