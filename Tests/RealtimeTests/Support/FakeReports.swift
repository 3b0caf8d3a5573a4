import Domain
import Synchronization

/// Keeps what it is told of tasks, in words.
final class FakeReports: ReportedTasks {
    private let calls = Mutex<[String]>([])

    func start(_ uuid: String, by client: String) { note("start \(uuid)") }

    func progress(_ uuid: String, _ progress: TaskRecord.Progress, by client: String) {
        note("progress \(uuid) \(progress.current)/\(progress.total.map(String.init) ?? "?") \(progress.message)")
    }

    func log(_ uuid: String, _ level: LogLevel, _ message: String, by client: String) {
        note("\(level.rawValue) \(uuid) \(message)")
    }

    func end(_ uuid: String, by client: String, isClean: Bool) { note("end \(uuid) \(isClean ? "clean" : "lost")") }

    private func note(_ call: String) {
        calls.withLock { $0.append(call) }
    }

    /// The calls since the last time.
    func take() -> [String] {
        calls.withLock { calls in
            defer { calls = [] }
            return calls
        }
    }
}
