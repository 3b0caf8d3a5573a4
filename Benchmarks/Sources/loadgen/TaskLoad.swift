import ArgumentParser

/// A client keeps `depth` tasks under way and measures the time from each `task.run` to its `task.finished`.
///
/// With `--peer` a worker on a connection of its own accepts and ends each at once; without, others run them.
struct TaskLoad: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tasks", abstract: "Round trips of tasks over /ws.")

    @Option var port: UInt16
    @Option(help: "The tasks' name.") var name = "bench.noop"
    @Option(help: "Tasks under way.") var depth = 64
    @Flag(help: "Run them with a worker of our own.") var peer = false
    @Option(help: "How long to measure.") var seconds = 3.0

    private static let client = 0
    private static let worker = 1

    func run() throws {
        let reactor = try Reactor()
        try reactor.open(peer ? 2 : 1, port: port, path: "/ws")
        if peer {
            let hello =
                #"{"type":"hello","id":1,"name":"bench","kind":"worker","capabilities":["\#(name)"],"slots":\#(depth)}"#
            try reactor.send(text: hello, on: Self.worker)
            try reactor.await(1, "the hello") { _, payload in payload.starts(with: #"{"type":"ready""#.utf8) }
        }
        try reactor.send(text: #"{"type":"subscribe","id":1,"topics":["tasks"]}"#, on: Self.client)
        try reactor.await(1, "subscribing") { _, payload in payload.starts(with: #"{"type":"synced""#.utf8) }
        try measure(reactor).emit()
    }

    private func measure(_ reactor: Reactor) throws -> Report {
        var report = Report("tasks \(name), \(depth) under way")
        let prefix = "bench-\(nanoseconds())-"
        var sent: [UInt64] = []
        let start = nanoseconds()
        let warm = start + 500_000_000
        let end = warm + UInt64(seconds * 1e9)
        var now = start
        var heard = start
        func run(_ count: Int) throws {
            var frames: [UInt8] = []
            for _ in 0..<count {
                let run = #"{"type":"task.run","name":"\#(name)","task":"\#(prefix)\#(sent.count)"}"#
                frames += ClientFrame.make(1, Array(run.utf8))
                sent.append(nanoseconds())
            }
            if count > 0 { try reactor.send(frames, on: Self.client) }
        }
        try run(depth)
        while now < end {
            var finished: [Int] = []
            var answers: [UInt8] = []
            try reactor.poll(100) { index, payload in
                if index == Self.worker {
                    answers += Self.answers(to: payload)
                } else if payload.starts(with: #"{"type":"task.finished""#.utf8),
                    let task = Self.text("task", in: payload), task.hasPrefix(prefix),
                    let number = Int(task.dropFirst(prefix.count))
                {
                    finished.append(number)
                }
            }
            if !answers.isEmpty { try reactor.send(answers, on: Self.worker) }
            now = nanoseconds()
            if !finished.isEmpty { heard = now }
            guard now - heard < 20_000_000_000 else { throw LoadError.timeout("a task of \(name)") }
            if now > warm {
                for number in finished { report.latency.record(now - sent[number]) }
                report.messages += finished.count
            }
            try run(finished.count)
        }
        report.seconds = Double(now - warm) / 1e9
        return report
    }

    /// What a worker says to an offer.
    private static func answers(to payload: UnsafeRawBufferPointer) -> [UInt8] {
        guard payload.starts(with: #"{"type":"task.offer""#.utf8), let task = text("task", in: payload),
            let lease = text("lease", in: payload)
        else { return [] }
        let about = #""task":"\#(task)","lease":"\#(lease)""#
        return ClientFrame.make(1, Array(#"{"type":"task.accept",\#(about)}"#.utf8))
            + ClientFrame.make(1, Array(#"{"type":"task.done",\#(about),"result":null}"#.utf8))
    }

    /// The text of the first field of this name; ours hold nothing that would be escaped.
    private static func text(_ field: String, in payload: UnsafeRawBufferPointer) -> String? {
        guard let start = payload.firstRange(of: Array("\"\(field)\":\"".utf8))?.upperBound,
            let end = payload[start...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return String(decoding: payload[start..<end], as: UTF8.self)
    }
}
