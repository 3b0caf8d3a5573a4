import ArgumentParser

/// Every connection keeps `depth` messages on their way; the round trip of each is measured.
struct EchoLoad: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "echo", abstract: "Round trips on an echo path.")

    @Option var port: UInt16
    @Option var path = "/echo"
    @Option(help: "Connections at once.") var connections = 50
    @Option(help: "Bytes of a message, at least 8.") var size = 128
    @Option(help: "Messages under way on each connection.") var depth = 1
    @Option(help: "How long to measure.") var seconds = 3.0

    func run() throws {
        let reactor = try Reactor()
        try reactor.open(connections, port: port, path: path)
        let frame = ClientFrame.make(2, [UInt8](repeating: 0x61, count: max(8, size)))
        var sent = [[UInt64]](repeating: [], count: connections)
        var report = Report("echo \(connections)x\(size) depth \(depth)")
        let start = nanoseconds()
        let warm = start + 500_000_000
        let end = warm + UInt64(seconds * 1e9)
        for index in 0..<connections {
            for _ in 0..<depth {
                sent[index].append(nanoseconds())
                try reactor.send(frame, on: index)
            }
        }
        var now = start
        while now < end {
            var replies = [Int: Int]()
            try reactor.poll(100) { index, payload in
                guard payload.count == max(8, size) else { return }
                replies[index, default: 0] += 1
            }
            now = nanoseconds()
            for (index, count) in replies {
                if now > warm {
                    for time in sent[index].prefix(count) { report.latency.record(now - time) }
                    report.messages += count
                }
                sent[index].removeFirst(count)
                sent[index].append(contentsOf: repeatElement(now, count: count))
                try reactor.send(Array(repeatElement(frame, count: count).joined()), on: index)
            }
        }
        report.seconds = Double(now - warm) / 1e9
        report.emit()
    }
}
