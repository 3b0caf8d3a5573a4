import Testing

@testable import Domain

/// How tasks are cancelled, and what becomes of them after a crash.
extension TaskQueueTests {
    @Test("A queued task is cancelled at once, and then it is unknown here")
    func cancelQueued() throws {
        add("t")
        let (transition, lease) = try queue.cancel("t", now: 5)
        #expect(try Self.ended(transition).state == .cancelled)
        #expect(lease == nil)
        #expect(throws: TaskError.unknownTask) { try queue.cancel("t", now: 6) }
        #expect(queue.claim(by: .local, now: 7) == nil)
    }

    @Test("A task at a worker is cancelled at once, and its lease is lost")
    func cancelLeased() throws {
        let ticket = try startAtPeer("t")
        let (transition, lease) = try queue.cancel("t", now: 5)
        #expect(try Self.ended(transition).state == .cancelled)
        #expect(lease?.ticket == ticket)
        let result = try TaskResult(.null)
        #expect(throws: TaskError.leaseLost) { try queue.complete(ticket, result: result, now: 6) }
    }

    @Test("A task that runs here is cancelled when its code stops, however it stops", arguments: 0..<4)
    func cancelLocal(way: Int) throws {
        let ticket = try start("t")
        let (transition, lease) = try queue.cancel("t", now: 5)
        #expect(transition?.kind == .cancelling)
        #expect(transition?.event == nil)
        #expect(lease?.ticket == ticket)
        #expect(queue.record("t")?.state == .running)
        #expect(try queue.cancel("t", now: 6).transition == nil)
        let error = TaskRecord.Failure(code: "e", message: "")
        let end =
            switch way {
            case 0: try queue.complete(ticket, result: TaskResult(1), now: 7)
            case 1: try queue.fail(ticket, error: error, retry: true, now: 7)
            case 2: try queue.fail(ticket, error: error, retry: false, now: 7)
            default: try queue.release(ticket, reason: .shutdown, now: 7)
            }
        let record = try Self.ended(end)
        #expect(record.state == .cancelled)
        #expect(record.result == nil)
        #expect(record.error == nil)
    }

    // MARK: - Recovery

    @Test("After a crash running tasks are requeued, failed or cancelled, by policy, attempts and wish")
    func recovery() throws {
        func stored(_ id: String, _ name: String, attempt: Int, _ sequence: Int, cancelling: Bool = false)
            -> TaskQueue.Stored
        {
            var record = TaskRecord(id: id, name: name, attempts: 2, requires: [name], created: 0)
            record.state = attempt > 0 ? .running : .queued
            record.attempt = attempt
            return .init(record: record, sequence: sequence, isCancelling: cancelling)
        }
        var counts = TaskCounts()
        counts[.running] = 4
        counts[.queued] = 1
        counts[.done] = 7
        queue.load(
            [
                stored("again", "scan", attempt: 1, 1), stored("spent", "scan", attempt: 2, 2),
                stored("strict", "once", attempt: 1, 3), stored("unwanted", "scan", attempt: 1, 4, cancelling: true),
                stored("waits", "scan", attempt: 0, 5),
            ],
            counts: counts
        )
        let transitions = queue.recover(now: 50) { $0 == "once" ? .fail : .requeue }
        #expect(transitions.map(\.record.id) == ["again", "spent", "strict", "unwanted"])
        #expect(transitions.map(\.record.state) == [.queued, .failed, .failed, .cancelled])
        #expect(transitions[0].kind == .requeued(attempt: 1, reason: .restart))
        #expect(transitions[1].record.error?.code == "worker_lost")
        #expect(transitions[2].record.error?.code == "worker_lost")
        #expect(queue.counts[.queued] == 2)
        #expect(queue.counts[.running] == 0)
        #expect(queue.counts[.failed] == 2)
        #expect(queue.counts[.cancelled] == 1)
        #expect(queue.counts[.done] == 7)
        #expect(queue.claim(by: .local, now: 60)?.record.attempt == 2)
    }
}
