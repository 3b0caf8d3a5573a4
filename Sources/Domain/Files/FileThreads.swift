import Dispatch
import Synchronization

/// Threads that wait for the disk together: what several of them wait for a file system does in one go, so that eight
/// files take hardly longer than one to be written out, or removed.
enum FileThreads {
    private static let most = 8

    /// What is to be done, which the threads share among them.
    private final class Line: Sendable {
        private let state: Mutex<(next: Int, errors: [SystemError?])>

        init(_ count: Int) {
            state = Mutex((0, Array(repeating: nil, count: count)))
        }

        var errors: [SystemError?] { state.withLock { $0.errors } }

        /// The next that nobody has taken yet.
        func take() -> Int? {
            state.withLock { state in
                guard state.next < state.errors.count else { return nil }
                state.next += 1
                return state.next - 1
            }
        }

        func note(_ error: SystemError?, of index: Int) { state.withLock { $0.errors[index] = error } }
    }

    /// Does something for each number below `count`, in no order, and waits for all; answers what went wrong with each.
    static func each(
        _ count: Int,
        _ body: @escaping @Sendable (Int) throws(SystemError) -> Void
    ) -> [SystemError?] {
        let line = Line(count)
        let work: @Sendable () -> Void = {
            while let index = line.take() {
                do throws(SystemError) {
                    try body(index)
                } catch {
                    line.note(error, of: index)
                }
            }
        }
        let group = DispatchGroup()
        OwnThreads.start("files", count: max(1, min(count, most)) - 1, in: group, work)
        work()
        group.wait()
        return line.errors
    }
}

extension FileSystem {
    /// How many files may wait to be on the disk before some are flushed.
    static var mostWaiting: Int { 256 }

    /// Waits until files that were written are on the disk; answers for each, in order, what went wrong with it.
    func flushFiles(_ paths: [String]) -> [SystemError?] {
        FileThreads.each(paths.count) { index throws(SystemError) in try flushFile(paths[index]) }
    }
}
