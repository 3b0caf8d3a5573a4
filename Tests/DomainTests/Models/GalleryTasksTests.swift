import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Domain

/// Who waits for the end of a task, and how that ends.
struct GalleryTasksTests {
    private let journal = Journal(epoch: "test")
    private let tasks: GalleryTasks

    init() { tasks = GalleryTasks(journal: journal) }

    /// Has tasks "run": `body` is called with the record of each.
    private func connect(_ body: @escaping @Sendable (TaskRecord) -> Void = { _ in }) {
        tasks.connect(
            submit: { request in
                body(TaskRecord(id: request.id ?? "", name: request.name, params: request.params, created: 0))
            },
            result: { _ in Array("[1]".utf8) }
        )
    }

    private func finish(_ record: TaskRecord, _ state: TaskRecord.State, _ error: TaskRecord.Failure? = nil) {
        var record = record
        record.state = state
        record.error = error
        journal.publish(.taskFinished(record))
    }

    @Test("Without anyone who runs tasks nothing is done")
    func nobody() async throws {
        #expect(try await tasks.run(TaskRequest(name: "t")) == nil)
    }

    @Test("A task without an id gets one of lower case, as all that the server makes")
    func ids() async throws {
        let ids = Mutex<[String]>([])
        connect { record in
            ids.withLock { $0.append(record.id) }
            finish(record, .done)
        }
        for id in [nil, "Given"] { _ = try await tasks.run(TaskRequest(name: "t", id: id)) }
        let found = ids.withLock { $0 }
        #expect(found.count == 2 && found[1] == "Given" && found[0] == found[0].lowercased())
        #expect(UUID(uuidString: found[0]) != nil)
    }

    @Test("A task that is done answers its result, however soon it ends")
    func done() async throws {
        connect { finish($0, .done) }
        #expect(try await tasks.run(TaskRequest(name: "t")) == [1])
    }

    @Test("A task that fails throws its failure, one that is cancelled a failure of that name")
    func failed() async {
        let failure = TaskRecord.Failure(code: "bad", message: "no")
        connect { finish($0, .failed, failure) }
        await #expect(throws: failure) { try await tasks.run(TaskRequest(name: "t")) }
        connect { finish($0, .cancelled) }
        await #expect {
            try await tasks.run(TaskRequest(name: "t"))
        } throws: {
            ($0 as? TaskRecord.Failure)?.code == "cancelled"
        }
    }

    @Test("A task that is not taken throws why")
    func refused() async {
        tasks.connect(submit: { _ in throw TaskError.shuttingDown }, result: { _ in nil })
        await #expect(throws: TaskError.shuttingDown) { try await tasks.run(TaskRequest(name: "t")) }
    }

    @Test("The end of another task answers nobody")
    func others() async throws {
        connect { record in
            var other = record
            other.id = "other"
            finish(other, .failed)
            finish(record, .done)
        }
        #expect(try await tasks.run(TaskRequest(name: "t")) == [1])
    }

    @Test("Whoever is cancelled goes at once")
    func cancelled() async {
        connect { _ in withUnsafeCurrentTask { $0?.cancel() } }
        await #expect(throws: CancellationError.self) {
            try await Task { try await tasks.run(TaskRequest(name: "t")) }.value
        }
    }

    @Test("Nobody waits for a task when the server shuts down", .timeLimit(.minutes(5)))
    func shutdown() async throws {
        struct Caller: Service {
            let tasks: GalleryTasks
            let ended: Checked

            func run() async throws {
                do {
                    _ = try await tasks.run(TaskRequest(name: "t"))
                    ended.note(false)
                } catch {
                    ended.note(error is CancellationError)
                }
            }
        }
        let (stream, submitted) = AsyncStream.makeStream(of: Void.self)
        connect { _ in submitted.yield() }
        let ended = Checked()
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: Caller(tasks: tasks, ended: ended),
                        successTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await withThrowingTaskGroup { running in
            running.addTask { try await group.run() }
            for await _ in stream { break }
            await group.triggerGracefulShutdown()
            try await running.waitForAll()
        }
        #expect(ended.results == [true])
    }
}
