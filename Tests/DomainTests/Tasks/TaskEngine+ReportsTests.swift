import Testing

@testable import Domain

@Suite(.timeLimit(.minutes(5)))
struct TaskEngineReportsTests {
    @Test("Progress is told at once, then at most each 50 ms, and the last is never lost")
    func thinned() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            run.context.progress(1, of: 9, "")
            try await bench.settle()
            #expect(bench.events.story(id).last == "progress 1")
            run.context.progress(2, of: 9, "")
            run.context.progress(3, of: 9, "")
            try await bench.settle()
            #expect(bench.events.story(id).last == "progress 1")
            #expect(bench.time.alarms == 1)
            bench.time.pass(50)
            try await bench.settle()
            #expect(bench.events.story(id).last == "progress 3")
            run.context.progress(4, of: 9, "")
            run.context.progress(5, of: 9, "")
            run.finish()
            await bench.events.finished()
            let story = ["created", "started", "progress 1", "progress 3", "progress 5", "done"]
            #expect(bench.events.story(id) == story)
            #expect(try await bench.engine.task(id)?.progress?.current == 5)
        }
    }

    @Test("Progress is written at most once a second, and always at the end")
    func saved() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            var stored: [Int?] = []
            for (current, wait) in [(1, 0), (2, 60), (3, 900), (4, 60), (5, 60)] {
                bench.time.pass(wait)
                run.context.progress(current, of: nil, "m")
                try await bench.settle()
                stored.append(try bench.store.endedTask(id)?.progress?.current)
            }
            #expect(stored == [1, 1, 1, 4, 4])
            #expect(try await bench.engine.task(id)?.progress?.current == 5)
            run.finish()
            await bench.events.finished()
            #expect(try bench.store.endedTask(id)?.progress?.current == 5)
        }
    }

    @Test("A clock that is set back does not hold progress")
    func clockSetBack() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            run.context.progress(1, of: nil, "")
            try await bench.settle()
            bench.time.pass(-500_000)
            run.context.progress(2, of: nil, "")
            try await bench.settle()
            #expect(bench.events.story(id).last == "progress 2")
            #expect(try bench.store.endedTask(id)?.progress?.current == 2)
            run.finish()
            await bench.events.finished()
        }
    }

    @Test("A kind that reports without pause floods nobody")
    func flood() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind])
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            for current in 1...100_000 { run.context.progress(current, of: 100_000, "") }
            #expect(bench.engine.traffic.pending <= 1)
            run.finish()
            await bench.events.finished()
            let story = bench.events.story(id)
            #expect(story.count <= 5)
            #expect(story.suffix(2) == ["progress 100000", "done"])
        }
    }

    @Test("Log lines are told, kept in order, and the newest of them stay")
    func log() async throws {
        let kind = GatedKind()
        let bench = try await EngineUnderTest([kind], logLimit: 300)
        try await bench.serving {
            let id = try await bench.engine.submit(TaskRequest(name: "gated")).id
            let run = try await kind.next()
            for number in 1...1000 {
                run.context.log(.info, "\(number)")
                if number.isMultiple(of: 200) { try await bench.settle() }
            }
            run.context.log(.error, "last")
            run.finish()
            await bench.events.finished()
            let told = bench.events.story(id).filter { $0.hasPrefix("log") }
            #expect(told == (1...1000).map { "log \($0)" } + ["log last"])
            let lines = try await bench.engine.log(id, limit: 3)
            #expect(lines.map(\.message) == ["999", "1000", "last"])
            #expect(lines.last?.level == .error)
            let kept = try await bench.engine.log(id, limit: 100_000).map(\.message)
            #expect(kept.count >= 300)
            #expect(kept.count < 300 + 256)
            #expect(kept.first.flatMap { Int($0) } ?? 0 > 1)
            #expect(try await bench.engine.log("nobody").isEmpty)
            #expect(try await bench.engine.log(id, limit: 0).isEmpty)
        }
        let second = try await EngineUnderTest([], in: bench.folder)
        let id = try #require(second.journal.read { $0.tasks.snapshot.tasks.first }).id
        #expect(second.journal.read { $0.tasks.log(id) }.last?.message == "last")
    }
}
