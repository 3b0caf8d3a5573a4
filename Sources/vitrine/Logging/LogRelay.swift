import Domain
import ServiceLifecycle
import Synchronization

/// Carries the server's own log lines to the clients that read topic `log`.
///
/// Loggers ``offer(_:)`` lines from anywhere, even from inside the journal's lock; ``run()``, a service, publishes
/// them. What publishing logs itself is not carried, so nothing feeds itself. Past the rate lines are dropped, and a
/// note says how many.
final class LogRelay: Service {
    private enum Item: Sendable {
        case line(LogLine)
        case note(at: Milliseconds)
    }

    /// Lines that may wait for ``run()``.
    static let capacity = 1_000
    /// Whether the code that runs now was called by ``run()`` to publish.
    @TaskLocal private static var isPublishing = false

    private let rate: Mutex<LogRate>
    private let publisher: Mutex<(@Sendable (LogLine) -> Void)?> = Mutex(nil)
    private let clock: WallClock
    private let pause: @Sendable (Milliseconds) async throws -> Void
    private let items: AsyncStream<Item>
    private let continuation: AsyncStream<Item>.Continuation

    /// A relay of at most `limit` lines a second; `pause` waits for so many milliseconds.
    init(
        limit: Int = 100,
        clock: WallClock = .system,
        pause: @escaping @Sendable (Milliseconds) async throws -> Void = {
            try await Task.sleep(for: .milliseconds($0))
        }
    ) {
        rate = Mutex(LogRate(limit: limit))
        self.clock = clock
        self.pause = pause
        (items, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    /// Sets who gets the lines; before, they wait.
    func connect(_ publish: @escaping @Sendable (LogLine) -> Void) {
        publisher.withLock { $0 = publish }
    }

    /// Takes a line; returns at once.
    func offer(_ line: LogLine) {
        guard !Self.isPublishing else { return }
        let isAdmitted = rate.withLock { $0.admits(at: line.at) }
        if isAdmitted {
            guard case .dropped = continuation.yield(.line(line)) else { return }
            rate.withLock { $0.countDropped() }
        }
        guard let time = rate.withLock({ $0.claimNote() }) else { return }
        if case .dropped = continuation.yield(.note(at: time)) { rate.withLock { $0.releaseNote() } }
    }

    /// Ends ``run()`` when all that waits is published.
    func finish() { continuation.finish() }

    /// Publishes until the task is cancelled, the server shuts down, or ``finish()`` was called.
    func run() async {
        await cancelWhenGracefulShutdown {
            for await item in self.items {
                if case .line(let line) = item { self.publish(line) }
                if case .note(let time) = item {
                    try? await self.pause(max(0, time - self.clock.now))
                    self.publishNote()
                }
            }
            self.publishNote()
        }
    }

    private func publishNote() {
        let count = rate.withLock { $0.takeDropped() }
        guard count > 0 else { return }
        let lines = count == 1 ? "1 line was" : "\(count) lines were"
        let message = "\(lines) left out here; the server's own log has all"
        publish(LogLine(at: clock.now, level: .warning, message: message, source: "vitrine.log"))
    }

    private func publish(_ line: LogLine) {
        guard let publish = publisher.withLock({ $0 }) else { return }
        Self.$isPublishing.withValue(true) { publish(line) }
    }
}
