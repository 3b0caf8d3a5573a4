import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Domain

/// The time and the alarms of a test: both move only when the test says so.
final class ManualTime: Sendable {
    fileprivate struct State {
        var now: Milliseconds
        var uptime: Milliseconds = 0
        var alarms: [@Sendable () -> Void] = []
    }

    fileprivate let state: Mutex<State>

    init(_ now: Milliseconds = 1_000_000) { state = Mutex(State(now: now)) }

    var clock: WallClock { WallClock { self.state.withLock { $0.now } } }
    var uptime: @Sendable () -> Milliseconds { { self.state.withLock { $0.uptime } } }
    var alarm: TaskAlarm { TaskAlarm { _, action in self.state.withLock { $0.alarms.append(action) } } }
    var alarms: Int { state.withLock { $0.alarms.count } }

    /// Moves the time and rings every alarm that is set.
    func pass(_ time: Milliseconds) {
        let alarms = state.withLock { state in
            state.now += time
            state.uptime += time
            defer { state.alarms = [] }
            return state.alarms
        }
        for alarm in alarms { alarm() }
    }
}

extension ManualTime {
    /// Has somebody set the clock, forward or back.
    func set(by step: Milliseconds) { state.withLock { $0.now += step } }
}

/// Everything that the journal says, with a way to wait for something.
final class EventLog: Sendable {
    private struct Waiter {
        let number: Int
        let isReady: @Sendable (State) -> Bool
        let caller: CheckedContinuation<Void, Never>
    }

    private struct State {
        var entries: [Journal.Entry] = []
        var finished = 0
        var waiting: [Waiter] = []
        var lastWaiter = 0
    }

    private let state = Mutex(State())

    func hear(_ entry: Journal.Entry) {
        let ready = state.withLock { state in
            state.entries.append(entry)
            if case .taskFinished = entry.event { state.finished += 1 }
            var ready: [CheckedContinuation<Void, Never>] = []
            for index in state.waiting.indices.reversed() where state.waiting[index].isReady(state) {
                ready.append(state.waiting.remove(at: index).caller)
            }
            return ready
        }
        for caller in ready { caller.resume() }
    }

    var entries: [Journal.Entry] { state.withLock { $0.entries } }

    /// What was said of one task: a word for each event, with the number of a progress and the text of a line.
    func story(_ id: String) -> [String] {
        entries.compactMap { entry in
            switch entry.event {
            case .taskCreated(let task): task.id == id ? "created" : nil
            case .taskStarted(let task): task.id == id ? "started" : nil
            case .taskProgress(let task): task.id == id ? "progress \(task.progress?.current ?? -1)" : nil
            case .taskLog(task: id, let line): "log \(line.message)"
            case .taskRequeued(let task, _, let reason): task.id == id ? "requeued \(reason.rawValue)" : nil
            case .taskFinished(let task): task.id == id ? task.state.rawValue : nil
            default: nil
            }
        }
    }

    /// Waits until `predicate` holds, or the test is cancelled.
    private func until(_ predicate: @escaping @Sendable (State) -> Bool) async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { caller in
                let isReady = state.withLock { state in
                    if Task.isCancelled || predicate(state) { return true }
                    state.waiting.append(Waiter(number: number, isReady: predicate, caller: caller))
                    return false
                }
                if isReady { caller.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
            }
            waiter?.caller.resume()
        }
    }

    /// Waits until so many tasks have finished.
    func finished(_ count: Int = 1) async {
        await until { $0.finished >= count }
    }

    /// Waits until one task's story contains a line.
    func until(_ id: String, _ line: String) async {
        while !Task.isCancelled {
            let seen = entries.count
            if story(id).contains(line) { return }
            await until { $0.entries.count > seen }
        }
    }
}

/// An engine on a real store in a folder of its own, or of an earlier engine.
struct EngineUnderTest: Sendable {
    let folder: TemporaryFolder
    let store: Store
    let journal: Journal
    let events = EventLog()
    let time: ManualTime
    let engine: TaskEngine

    init(
        _ kinds: [any TaskKind],
        slots: Int = 2,
        maxQueued: Int = 100_000,
        logLimit: Int? = nil,
        routed: Set<String> = [],
        results: ResultFolder? = nil,
        in folder: TemporaryFolder? = nil
    ) async throws {
        self.folder = try folder ?? TemporaryFolder()
        store = try Store(path: self.folder.path + "/library.sqlite")
        time = ManualTime()
        journal = Journal(epoch: Identifier.make(), clock: time.clock)
        journal.listen { [events] in events.hear($0) }
        var configuration = TaskEngine.Configuration(slots: slots, maxQueued: maxQueued)
        if let logLimit { configuration.logLimit = logLimit }
        engine = TaskEngine(
            store: store,
            journal: journal,
            kinds: kinds,
            configuration: configuration,
            routed: routed,
            results: results,
            clock: time.clock,
            uptime: time.uptime,
            alarm: time.alarm,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await engine.load()
    }

    /// Serves while `body` runs, then shuts down gracefully and waits for the end of it.
    func serving(_ body: () async throws -> Void) async throws {
        let group = ServiceGroup(
            services: [engine],
            gracefulShutdownSignals: [],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    /// Waits until the engine has handled all that was reported before.
    func settle() async throws {
        do throws(TaskError) {
            _ = try await engine.cancel("nobody's task")
        } catch {
            #expect(error == .unknownTask)
        }
    }
}
