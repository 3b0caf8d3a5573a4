import Synchronization

/// How far an import is: bytes hashed of those to hash, and records done with.
final class ModelImportMeter: Sendable {
    private struct State {
        var hashed = 0
        var total = 0
        var done = 0
    }

    private let state = Mutex(State())
    private let count: Int
    private let report: @Sendable (_ current: Int, _ total: Int, _ message: String) -> Void

    /// A meter of an import of `count` records.
    init(count: Int, report: @escaping @Sendable (_ current: Int, _ total: Int, _ message: String) -> Void) {
        self.count = count
        self.report = report
    }

    /// So many more bytes are to be hashed.
    func expect(_ bytes: Int) { state.withLock { $0.total += bytes } }

    /// So many more bytes were hashed; those of a file that has grown meanwhile add to the total.
    func hashed(_ bytes: Int) {
        tell {
            $0.hashed += bytes
            $0.total = max($0.total, $0.hashed)
        }
    }

    /// One more record is done with.
    func finished() { tell { $0.done += 1 } }

    /// Reports in the order of what happens.
    private func tell(_ change: (inout State) -> Void) {
        state.withLock { state in
            change(&state)
            report(state.hashed, state.total, "\(state.done) of \(count) models")
        }
    }
}
