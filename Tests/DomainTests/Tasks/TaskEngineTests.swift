import Domain
import Testing

@Suite(.timeLimit(.minutes(5)))
struct TaskEngineTests {
    @Test("A task is made, started, done, and kept")
    func life() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let made = try await bench.engine.submit(TaskRequest(name: "gated", params: ["n": 1]))
            #expect(made.state == .queued)
            #expect(made.requires == ["gated"])
            #expect(made.attempts == 3)
            #expect(Identifier.isValid(made.id))
            let run = try await kind.next()
            #expect(run.context.params == ["n": 1])
            #expect(run.context.attempt == 1)
            #expect(run.context.task == made.id)
            await bench.events.until(made.id, "started")
            #expect(try await bench.engine.task(made.id)?.state == .running)
            #expect(bench.engine.counts[.running] == 1)
            run.finish(["answer": 42])
            await bench.events.finished()
            let done = try #require(try await bench.engine.task(made.id))
            #expect(done.state == .done)
            #expect(done.result == ["answer": 42])
            #expect(done.executor == .local)
            #expect(bench.engine.counts[.done] == 1)
            #expect(bench.events.story(made.id) == ["created", "started", "done"])
        }
    }

    @Test("What is answered is on disk before the answer, and what is told before it is told")
    func commitFirst() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind], slots: 1)
        bench.journal.listen { [store = bench.store] entry in
            let record: TaskRecord? =
                switch entry.event {
                case .taskCreated(let task), .taskStarted(let task), .taskFinished(let task),
                    .taskRequeued(let task, attempt: _, reason: _):
                    task
                default: nil
                }
            if let record {
                let stored = try? store.endedTask(record.id)
                #expect(stored?.state == record.state)
                #expect(stored?.attempt == record.attempt)
                #expect(stored?.finished == record.finished)
            }
        }
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            #expect(try bench.store.endedTask(id) != nil)
            try await kind.next().fail(TaskRecord.Failure(code: "once", message: ""))
            try await kind.next().finish()
            await bench.events.finished()
            #expect(bench.events.story(id) == ["created", "started", "requeued failed", "started", "done"])
        }
    }

    @Test("A failure is tried again up to the attempts, an abort is not, any other error is internal")
    func failures() async throws {
        struct Odd: Error {}
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind], slots: 1)
        try await bench.serving {
            let twice = try await bench.engine.submit(TaskRequest(name: "gated", attempts: 2)).id
            for attempt in 1...2 {
                let run = try await kind.next()
                #expect(run.context.attempt == attempt)
                run.fail(TaskRecord.Failure(code: "oom", message: "attempt \(attempt)"))
            }
            await bench.events.finished(1)
            let failed = try await bench.engine.task(twice)
            #expect(failed?.state == .failed)
            #expect(failed?.error == TaskRecord.Failure(code: "oom", message: "attempt 2"))
            let aborted = try await bench.engine.submit(TaskRequest(name: "gated")).id
            try await kind.next().fail(TaskAbort(TaskRecord.Failure(code: "never", message: "")))
            await bench.events.finished(2)
            #expect(bench.events.story(aborted) == ["created", "started", "failed"])
            #expect(try await bench.engine.task(aborted)?.error?.code == "never")
            let odd = try await bench.engine.submit(TaskRequest(name: "gated", attempts: 1)).id
            try await kind.next().fail(Odd())
            await bench.events.finished(3)
            #expect(try await bench.engine.task(odd)?.error?.code == "internal")
        }
    }

    @Test("A task of a name that is not built in waits for a worker and says so")
    func waiting() async throws {
        let bench = try await EngineUnderTest([EchoKind()])
        try await bench.serving {
            let plain = try await bench.engine.submit(TaskRequest(name: "peer.depth"))
            #expect(plain.waiting == "no worker offers peer.depth")
            let special = try await bench.engine.submit(TaskRequest(name: "x", requires: ["gpu", "onnx"]))
            #expect(special.waiting == "no worker offers gpu, onnx")
            let mine = try await bench.engine.submit(TaskRequest(name: "echo"))
            #expect(mine.waiting == nil)
            await bench.events.finished()
            #expect(try await bench.engine.task(plain.id)?.waiting == "no worker offers peer.depth")
            #expect(try await bench.engine.task(plain.id)?.state == .queued)
        }
    }

    // MARK: - Submitting

    @Test("Parameters that a kind refuses make no task")
    func badParams() async throws {
        let bench = try await EngineUnderTest([GatedKind()])
        let error = await #expect(throws: TaskError.self) {
            try await bench.engine.submit(TaskRequest(name: "gated", params: ["bad": 1]))
        }
        #expect(error == .badParams(TaskRecord.Failure(code: "bad_params", message: "bad")))
        #expect(bench.events.entries.isEmpty)
    }

    @Test("A repeated id is the same task while it waits, while it runs and when it has ended")
    func repeatedID() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        let request = TaskRequest(name: "gated", id: "mine")
        #expect(try await bench.engine.submit(request).state == .queued)
        #expect(try await bench.engine.submit(request).state == .queued)
        try await bench.serving {
            let run = try await kind.next()
            await bench.events.until("mine", "started")
            #expect(try await bench.engine.submit(request).state == .running)
            run.finish()
            await bench.events.finished()
            let again = try await bench.engine.submit(request)
            #expect(again.state == .done)
            #expect(again.result == ["ok": true])
            await #expect(throws: TaskError.conflict) {
                try await bench.engine.submit(TaskRequest(name: "other", id: "mine"))
            }
        }
        #expect(bench.events.story("mine") == ["created", "started", "done"])
    }

    @Test("An id may be repeated at once by many, and one task comes of it")
    func repeatedTogether() async throws {
        let bench = try await EngineUnderTest([EchoKind()])
        await withTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    let record = try? await bench.engine.submit(TaskRequest(name: "echo", id: "same"))
                    #expect(record?.id == "same")
                }
            }
        }
        #expect(bench.events.story("same") == ["created"])
        #expect(bench.engine.counts[.queued] == 1)
    }

    @Test("Past the limit of waiting tasks none is taken, until one leaves")
    func limit() async throws {
        let bench = try await EngineUnderTest([EchoKind()], maxQueued: 2)
        let first = try await bench.engine.submit(TaskRequest(name: "x"))
        _ = try await bench.engine.submit(TaskRequest(name: "x", id: "second"))
        await #expect(throws: TaskError.limitTasks) { try await bench.engine.submit(TaskRequest(name: "x")) }
        #expect(try await bench.engine.submit(TaskRequest(name: "x", id: "second")).id == "second")
        try await bench.engine.cancel(first.id)
        _ = try await bench.engine.submit(TaskRequest(name: "x"))
    }

    @Test("Ten thousand tasks are taken in and done, each once")
    func tenThousand() async throws {
        let bench = try await EngineUnderTest([EchoKind()], slots: 8)
        try await bench.serving {
            try await withThrowingTaskGroup { group in
                for number in 0..<10_000 {
                    group.addTask {
                        _ = try await bench.engine.submit(TaskRequest(name: "echo", params: ["n": .int(Int64(number))]))
                    }
                }
                try await group.waitForAll()
            }
            await bench.events.finished(10_000)
        }
        #expect(bench.engine.counts[.done] == 10_000)
        #expect(bench.engine.counts[.queued] == 0)
        #expect(bench.events.entries.count == 30_000)
        #expect(bench.events.entries.map(\.offset) == Array(1...30_000))
    }

    // MARK: - Cancelling

    @Test("A waiting task is cancelled at once, and again without harm")
    func cancelQueued() async throws {
        let bench = try await EngineUnderTest([EchoKind()])
        let id = try await bench.engine.submit(TaskRequest(name: "x")).id
        #expect(try await bench.engine.cancel(id).state == .cancelled)
        #expect(try await bench.engine.cancel(id).state == .cancelled)
        #expect(bench.events.story(id) == ["created", "cancelled"])
        #expect(try await bench.engine.task(id)?.state == .cancelled)
    }

    @Test("A running task is cancelled as soon as its code stops", arguments: [true, false])
    func cancelRunning(obeys: Bool) async throws {
        let kind = GatedKind(obeysCancel: obeys)
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            #expect(try await bench.engine.cancel(id).id == id)
            if !obeys {
                #expect(try await bench.engine.task(id)?.state == .running)
                run.finish()
            }
            await bench.events.finished()
            #expect(bench.events.story(id) == ["created", "started", "cancelled"])
            let record = try await bench.engine.task(id)
            #expect(record?.result == nil)
            #expect(record?.error == nil)
        }
    }

    @Test("A task that has ended stays as it is, one that never was is unknown")
    func cancelEnded() async throws {
        let bench = try await EngineUnderTest([EchoKind()])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "echo")).id
            await bench.events.finished()
            #expect(try await bench.engine.cancel(id).state == .done)
            await #expect(throws: TaskError.unknownTask) { try await bench.engine.cancel("nothing") }
            #expect(bench.events.story(id) == ["created", "started", "done"])
        }
    }

    // MARK: - Results

    @Test("A large result stays out of events and lists, and is there in full when asked for")
    func largeResult() async throws {
        let bench = try await EngineUnderTest([EchoKind()])
        let text = String(repeating: "x", count: 20_000)
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "echo", params: ["t": .string(text)])).id
            await bench.events.finished()
            let told = try #require(bench.journal.read { $0.tasks.task(id) })
            #expect(told.result == nil)
            #expect(told.resultSize == 20_008)
            let listed = try await bench.engine.recent(limit: 1)
            #expect(listed.first?.result == nil)
            #expect(listed.first?.resultSize == 20_008)
            let whole = try await bench.engine.task(id)
            #expect(whole?.result == ["t": .string(text)])
            #expect(whole?.resultSize == 20_008)
        }
    }

    @Test("A result past the limit is a failure that is not tried again")
    func tooLargeResult() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            try await kind.next().finish(.string(String(repeating: "x", count: TaskResult.limit)))
            await bench.events.finished()
            #expect(try await bench.engine.task(id)?.error?.code == "result_too_large")
            #expect(bench.events.story(id) == ["created", "started", "failed"])
        }
    }

    @Test("The list is newest first, of one state or of all")
    func recent() async throws {
        let bench = try await EngineUnderTest([])
        for id in ["a", "b", "c"] { _ = try await bench.engine.submit(TaskRequest(name: "x", id: id)) }
        try await bench.engine.cancel("b")
        #expect(try await bench.engine.recent(limit: 10).map(\.id) == ["c", "b", "a"])
        #expect(try await bench.engine.recent(limit: 2).map(\.id) == ["c", "b"])
        #expect(try await bench.engine.recent(state: .queued, limit: 10).map(\.id) == ["c", "a"])
        #expect(try await bench.engine.recent(state: .cancelled, limit: 10).map(\.id) == ["b"])
        #expect(try await bench.engine.recent(state: .done, limit: 10).isEmpty)
        #expect(try await bench.engine.recent(limit: 1).first?.waiting == "no worker offers x")
    }

    @Test("As many run at once as there are slots, and no more")
    func slots() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind], slots: 2)
        try await bench.serving {
            for id in ["a", "b", "c"] { _ = try await bench.engine.submit(TaskRequest(name: "gated", id: id)) }
            let first = try await kind.next()
            let second = try await kind.next()
            await bench.events.until("b", "started")
            try await bench.settle()
            #expect(bench.engine.counts[.running] == 2)
            #expect(bench.engine.counts[.queued] == 1)
            first.finish()
            let third = try await kind.next()
            #expect(third.context.task == "c")
            second.finish()
            third.finish()
            await bench.events.finished(3)
        }
    }

    @Test("With 256 slots, 256 long tasks run at once")
    func manyAtOnce() async throws {
        let (asleep, sleeping) = AsyncStream.makeStream(of: Void.self)
        let gate = GatedKind.Gate()
        let kind = LongTaskKind(
            sleep: { _ in
                sleeping.yield()
                await gate.wait()
            },
            random: { 1 }
        )
        let bench = try await EngineUnderTest([kind], slots: 256)
        try await bench.serving {
            for _ in 0..<256 {
                _ = try await bench.engine.submit(TaskRequest(name: "long_task", params: ["steps": 1]))
            }
            var count = 0
            for await _ in asleep {
                count += 1
                if count == 256 { break }
            }
            await gate.open()
            await bench.events.finished(256)
            #expect(bench.engine.counts[.done] == 256)
        }
    }
}
