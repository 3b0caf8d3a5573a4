import Foundation
import Testing

@testable import Domain

/// Results too large for one message.
@Suite(.timeLimit(.minutes(5)))
struct TaskEngineUploadsTests {
    struct Bench {
        let folder: TemporaryFolder
        let path: String
        let engine: EngineUnderTest
        let worker: WorkerUnderTest

        /// An engine with a worker that runs task `t`.
        init() async throws {
            folder = try TemporaryFolder()
            path = folder.path + "/results"
            engine = try await EngineUnderTest([], results: try ResultFolder(path: path))
            worker = WorkerUnderTest("w", engine.engine)
            worker.join()
            try await engine.submit("t")
            try await engine.settle()
            try worker.say(.accept, "t")
            try await engine.settle()
        }

        var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

        func upload(_ text: String, task: String = "t", lease: String? = nil) async throws {
            let lease = try lease ?? worker.ticket("t").lease
            try await engine.engine.checkLease(lease, of: task)
            try await engine.engine.keepResult(Array(text.utf8), for: task, lease: lease)
        }
    }

    @Test("An uploaded result of any size becomes the result of a done without one")
    func life() async throws {
        let bench = try await Bench()
        let text = "[\"\(String(repeating: "x", count: TaskResult.limit + 100))\"]"
        try await bench.upload(text)
        #expect(bench.files.count == 1)
        try bench.worker.say(.done(nil), "t")
        try await bench.engine.settle()
        #expect(bench.worker.answers.last == "done t: ok")
        let task = try #require(try await bench.engine.engine.task("t"))
        #expect(task.result == nil && task.resultSize == text.utf8.count)
        #expect(try await bench.engine.engine.result("t") == Array(text.utf8))
        #expect(bench.files.isEmpty)
    }

    @Test("A small one travels like any other, a later one takes its place, and a result in the word wins")
    func small() async throws {
        let bench = try await Bench()
        try await bench.upload("[1]")
        try await bench.upload(" [2] ")
        #expect(bench.files.count == 1)
        try bench.worker.say(.done(nil), "t")
        try await bench.engine.settle()
        #expect(try await bench.engine.engine.task("t")?.result == [2])
        let other = try await Bench()
        try await other.upload("[1]")
        try other.worker.say(.done(3), "t")
        try await other.engine.settle()
        #expect(try await other.engine.engine.task("t")?.result == 3)
        #expect(other.files.isEmpty)
    }

    @Test("What is no JSON is refused and leaves nothing", arguments: ["", "{", "[1] 2", "\"\u{1}\"", "nul"])
    func malformed(text: String) async throws {
        let bench = try await Bench()
        await #expect(throws: JSONError.self) { try await bench.upload(text) }
        #expect(bench.files.isEmpty)
    }

    @Test("A lease that is another's, of another task, or over, is refused")
    func lost() async throws {
        let bench = try await Bench()
        await #expect(throws: TaskError.leaseLost) { try await bench.upload("1", lease: "guess") }
        await #expect(throws: TaskError.leaseLost) { try await bench.upload("1", task: "u") }
        let lease = try bench.worker.ticket("t").lease
        try bench.worker.say(.done(nil), "t")
        await #expect(throws: TaskError.leaseLost) {
            try await bench.engine.engine.keepResult([0x31], for: "t", lease: lease)
        }
        #expect(bench.files.isEmpty)
    }

    @Test("An offer that has not been accepted is no lease to upload for")
    func offered() async throws {
        let bench = try await Bench()
        try bench.worker.say(.done(nil), "t")
        try await bench.engine.submit("t2")
        try await bench.engine.settle()
        let ticket = try bench.worker.ticket("t2")
        await #expect(throws: TaskError.leaseLost) { try await bench.upload("1", task: "t2", lease: ticket.lease) }
    }

    @Test("An upload goes with its lease, however that ends", arguments: 0..<4)
    func dropped(way: Int) async throws {
        let bench = try await Bench()
        try await bench.upload("[1]")
        switch way {
        case 0: try bench.worker.say(.fail(.init(code: "e", message: ""), retry: true), "t")
        case 1: bench.engine.engine.leave(client: "w")
        case 2: try await bench.engine.engine.cancel("t")
        default: bench.engine.time.pass(15_000)
        }
        try await bench.engine.settle()
        #expect(bench.files.isEmpty)
    }

    @Test("An upload keeps the lease alive")
    func renews() async throws {
        let bench = try await Bench()
        bench.engine.time.pass(14_000)
        try await bench.upload("[1]")
        bench.engine.time.pass(14_000)
        try await bench.engine.settle()
        try bench.worker.say(.done(nil), "t")
        try await bench.engine.settle()
        #expect(bench.worker.answers.last == "done t: ok")
    }

    @Test("What an earlier server left behind is gone, other files stay")
    func leftovers() async throws {
        let folder = try TemporaryFolder()
        for name in ["a.json", ".b.part", "c.txt"] {
            try Data("1".utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
        }
        _ = try ResultFolder(path: folder.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.txt"])
    }

    @Test("A file that is gone is an error of the server's, and the task goes on")
    func unreadable() async throws {
        let bench = try await Bench()
        try await bench.upload("[1]")
        for file in bench.files { try FileManager.default.removeItem(atPath: bench.path + "/" + file) }
        try bench.worker.say(.done(nil), "t")
        try bench.worker.say(.done(2), "t")
        try await bench.engine.settle()
        #expect(bench.worker.answers.suffix(2) == ["done t: internal", "done t: ok"])
    }
}
