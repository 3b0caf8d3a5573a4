import Testing

@testable import Domain

/// What waiting tasks say of why they wait, and when it is told.
extension TaskQueueWorkerTests {
    @Test("Workers that come, fill up, empty and go change what all tasks of a demand say, each time with one event")
    func reasons() throws {
        for number in 1...1000 { add("t\(number)") }
        #expect(queue.record("t9")?.waiting == "no worker offers gpu")
        #expect(queue.settle().isEmpty)
        join("w")
        let ticket = try begin("w")
        #expect(queue.settle() == ["gpu: every worker that offers gpu is busy"])
        #expect(queue.record("t9")?.waiting == "every worker that offers gpu is busy")
        #expect(queue.settle().isEmpty)
        _ = try queue.complete(ticket, result: TaskResult(1), now: 1)
        try begin("w")
        #expect(queue.settle().isEmpty)
        _ = queue.release(client: "w", now: 2)
        #expect(queue.settle() == ["gpu: no worker offers gpu"])
    }

    @Test("A new task says what the others say")
    func newcomer() throws {
        join("w")
        add("t1")
        #expect(queue.record("t1")?.waiting == nil)
        try begin("w")
        #expect(queue.settle().isEmpty)
        add("t2")
        #expect(queue.record("t2")?.waiting == "every worker that offers gpu is busy")
        #expect(queue.settle().isEmpty)
        add("t3")
        #expect(queue.record("t3")?.waiting == queue.record("t2")?.waiting)
    }

    @Test("A task that comes back tells its reason, which its event does not")
    func comesBack() throws {
        join("w")
        add("t")
        try begin("w")
        _ = queue.settle()
        #expect(queue.release(client: "w", now: 1).transitions.count == 1)
        #expect(queue.settle() == ["gpu: no worker offers gpu"])
        #expect(queue.record("t")?.waiting == "no worker offers gpu")
    }

    @Test("What is on offer has no reason to wait")
    func onOffer() throws {
        add("t")
        _ = queue.settle()
        join("w")
        #expect(assign() == ["w: t"])
        #expect(queue.settle() == ["gpu: nil"])
        #expect(queue.record("t")?.waiting == nil)
    }

    @Test("A worker without slots offers what it can do, and is busy")
    func noSlots() {
        add("t")
        join("w", slots: 0)
        #expect(queue.settle() == ["gpu: every worker that offers gpu is busy"])
        _ = queue.release(client: "w", now: 1)
        #expect(queue.settle() == ["gpu: no worker offers gpu"])
    }

    @Test("A task that needs nothing special waits for any worker")
    func anyWorker() throws {
        add("t1", "x", requires: [])
        #expect(queue.record("t1")?.waiting == "no worker is connected")
        join("w")
        try begin("w")
        add("t2", "x", requires: [])
        #expect(queue.record("t2")?.waiting == "every worker is busy")
    }

    @Test("Several capabilities are named in order, and each demand has its own reason")
    func demands() {
        add("t1", "x", requires: ["b", "a"])
        add("t2", "a")
        join("w", ["a"])
        #expect(queue.record("t1")?.waiting == "no worker offers a, b")
        #expect(queue.settle() == ["a: nil"])
        join("both", ["a", "b"])
        #expect(queue.settle() == ["a, b: nil"])
    }

    @Test("A reason that is rolled back is told again")
    func rolledBack() {
        add("t")
        _ = queue.settle()
        queue.checkpoint()
        join("w")
        #expect(queue.settle() == ["gpu: nil"])
        queue.rollback()
        #expect(queue.record("t")?.waiting == "no worker offers gpu")
        #expect(queue.settle().isEmpty)
        join("w")
        #expect(queue.settle() == ["gpu: nil"])
    }

    @Test("Tasks that run in the server have no such reason")
    func builtIn() {
        add("s", "scan")
        #expect(queue.record("s")?.waiting == nil)
        #expect(queue.settle().isEmpty)
    }
}
