import Domain
import Testing

struct TaskBoardTests {
    private func task(_ id: String, _ state: TaskRecord.State = .queued, priority: Int = 0, created: Int = 0)
        -> TaskRecord
    {
        var record = TaskRecord(id: id, name: "n", priority: priority, created: created)
        record.state = state
        return record
    }

    @Test("A task moves from the queue to running to the finished ones, and the counts follow")
    func life() {
        var board = TaskBoard()
        board.apply(.taskCreated(task("a")))
        #expect(board.counts[.queued] == 1)
        board.apply(.taskStarted(task("a", .running)))
        #expect(board.counts[.queued] == 0)
        #expect(board.counts[.running] == 1)
        board.apply(.taskRequeued(task("a"), attempt: 1, reason: .failed))
        #expect(board.task("a")?.state == .queued)
        board.apply(.taskStarted(task("a", .running)))
        var told = task("a", .running)
        told.progress = .init(current: 3, total: 4, message: "")
        board.apply(.taskProgress(told))
        #expect(board.task("a")?.progress?.current == 3)
        board.apply(.taskFinished(task("a", .done)))
        #expect(board.counts[.running] == 0)
        #expect(board.counts[.done] == 1)
        board.apply(.taskProgress(told))
        #expect(board.task("a")?.state == .done)
        #expect(board.snapshot.tasks.map(\.id) == ["a"])
    }

    @Test("Unfinished tasks are found behind those that the snapshot has room for")
    func unfinished() {
        var board = TaskBoard()
        for number in 0..<TaskBoard.unfinishedLimit { board.apply(.taskCreated(task("\(number)", priority: 1))) }
        board.apply(.taskCreated(task("last")))
        #expect(!board.snapshot.tasks.contains { $0.id == "last" })
        #expect(board.hasUnfinished { $0.id == "last" })
        board.apply(.taskStarted(task("last", .running)))
        #expect(board.hasUnfinished { $0.id == "last" })
        board.apply(.taskFinished(task("last", .done)))
        #expect(!board.hasUnfinished { $0.id == "last" })
    }

    @Test("The snapshot has running ones first, then the queue in its order, then the newest finished")
    func snapshot() {
        var board = TaskBoard()
        for (id, priority, created) in [("q1", 0, 2), ("q2", 5, 3), ("q3", 0, 1)] {
            board.apply(.taskCreated(task(id, priority: priority, created: created)))
        }
        board.apply(.taskStarted(task("r", .running, priority: -9)))
        board.apply(.taskFinished(task("f1", .done)))
        board.apply(.taskFinished(task("f2", .failed)))
        #expect(board.snapshot.tasks.map(\.id) == ["r", "q2", "q3", "q1", "f2", "f1"])
    }

    @Test("At most 500 unfinished are shown, the first of the queue, and 50 finished; all are counted")
    func bounds() {
        var board = TaskBoard()
        for number in 0..<2000 { board.apply(.taskCreated(task("q\(number)", created: 2000 - number))) }
        for number in 0..<10 { board.apply(.taskStarted(task("r\(number)", .running, created: number))) }
        for number in 0..<80 { board.apply(.taskFinished(task("f\(number)", .cancelled))) }
        let shown = board.snapshot.tasks
        #expect(shown.count == 550)
        #expect(shown[..<10].map(\.id) == (0..<10).map { "r\($0)" })
        #expect(shown[10..<500].map(\.id) == (0..<490).map { "q\(1999 - $0)" })
        #expect(shown[500...].map(\.id) == (30..<80).reversed().map { "f\($0)" })
        #expect(board.counts[.queued] == 2000)
        #expect(board.counts[.cancelled] == 80)
        #expect(board.task("f29") == nil)
    }

    @Test("The last 200 log lines stay, as long as the task is on the board")
    func logs() {
        var board = TaskBoard()
        func write(_ id: String, _ text: String) {
            board.apply(.taskLog(task: id, line: TaskLogLine(at: 0, level: .info, message: text)))
        }
        write("a", "before it exists")
        #expect(board.log("a").isEmpty)
        board.apply(.taskStarted(task("a", .running)))
        for number in 0..<300 { write("a", "\(number)") }
        #expect(board.log("a").map(\.message) == (100..<300).map { "\($0)" })
        board.apply(.taskFinished(task("a", .done)))
        #expect(board.log("a").count == 200)
        for number in 0..<50 { board.apply(.taskFinished(task("f\(number)", .done))) }
        #expect(board.log("a").isEmpty)
    }

    @Test("Loading takes over tasks, counts and log lines")
    func load() {
        var board = TaskBoard()
        board.apply(.taskCreated(task("old")))
        var counts = TaskCounts()
        counts[.done] = 100
        let line = TaskLogLine(at: 0, level: .error, message: "x")
        board.load(
            unfinished: [task("q"), task("r", .running)],
            finished: (0..<60).map { task("f\($0)", .done) },
            counts: counts,
            logs: ["r": [line], "gone": [line]]
        )
        #expect(board.task("old") == nil)
        #expect(board.snapshot.tasks.prefix(3).map(\.id) == ["r", "q", "f59"])
        #expect(board.snapshot.tasks.count == 52)
        #expect(board.counts[.done] == 100)
        #expect(board.log("r") == [line])
        #expect(board.log("gone").isEmpty)
    }

    @Test("A long message is cut at a character")
    func cut() {
        let limit = TaskLogLine.messageLimit
        func kept(_ text: String) -> String { TaskLogLine(at: 0, level: .info, message: text).message }
        #expect(kept(String(repeating: "x", count: limit)).utf8.count == limit)
        #expect(kept(String(repeating: "x", count: limit + 1)).utf8.count == limit)
        let umlauts = kept(String(repeating: "x", count: limit - 1) + "ü")
        #expect(umlauts.utf8.count == limit - 1)
        #expect(!umlauts.contains("\u{FFFD}"))
    }
}
