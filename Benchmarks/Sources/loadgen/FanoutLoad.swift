import ArgumentParser

/// One publisher sends bursts, every subscriber gets every message; the delay of each delivery is measured.
///
/// On a fan-out path what the publisher sends reaches the others as it is. With `--topic` the publisher speaks the
/// native protocol and publishes to a topic that the others have subscribed to.
struct FanoutLoad: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "fanout", abstract: "Deliveries to many subscribers.")

    @Option var port: UInt16
    @Option var path = "/fanout"
    @Option(help: "Subscribers.") var connections = 1000
    @Option(help: "Messages a burst; the next goes out when all have arrived.") var burst = 16
    @Option(help: "Bytes of a message, at least 24.") var size = 128
    @Option(help: "Publish to this topic of the native protocol.") var topic: String?
    @Option(help: "How long to measure.") var seconds = 3.0

    func run() throws {
        let reactor = try Reactor()
        try reactor.open(connections + 1, port: port, path: path)
        let publisher = connections
        if topic != nil { try subscribe(reactor, publisher: publisher) }
        var report = Report("fanout \(connections) subscribers, burst \(burst)")
        let start = nanoseconds()
        let warm = start + 500_000_000
        let end = warm + UInt64(seconds * 1e9)
        var now = start
        var number = 0
        while now < end {
            let sentAt = nanoseconds()
            var frames: [UInt8] = []
            for _ in 0..<burst {
                number += 1
                frames += ClientFrame.make(1, message(number))
            }
            try reactor.send(frames, on: publisher)
            var missing = connections * burst
            let deadline = sentAt + 10_000_000_000
            while missing > 0 {
                var arrived = 0
                try reactor.poll(100) { index, payload in
                    if index != publisher, isMessage(payload) { arrived += 1 }
                }
                now = nanoseconds()
                missing -= arrived
                if sentAt > warm, arrived > 0 {
                    report.messages += arrived
                    report.latency.record(now - sentAt, count: UInt64(arrived))
                }
                if now > deadline { throw LoadError.timeout("a burst of \(burst) to \(connections)") }
            }
        }
        report.seconds = Double(now - warm) / 1e9
        report.emit()
    }

    private func message(_ number: Int) -> [UInt8] {
        let filler = String(repeating: "x", count: max(0, size - 16))
        if let topic {
            return Array(
                "{\"type\":\"publish\",\"topic\":\"\(topic)\",\"data\":{\"n\":\(number),\"f\":\"\(filler)\"}}".utf8
            )
        }
        return Array("{\"n\":\(number),\"f\":\"\(filler)\"}".utf8)
    }

    /// Whether a payload is a delivery and not an answer.
    private func isMessage(_ payload: UnsafeRawBufferPointer) -> Bool {
        guard topic != nil else { return true }
        return payload.starts(with: "{\"type\":\"app.message\"".utf8)
    }

    private func subscribe(_ reactor: Reactor, publisher: Int) throws {
        let hello = ClientFrame.make(1, Array(#"{"type":"hello","id":1,"name":"load","kind":"script"}"#.utf8))
        let subscribe = ClientFrame.make(
            1,
            Array(#"{"type":"subscribe","id":1,"topics":["\#(topic ?? "")"]}"#.utf8)
        )
        for index in 0..<connections { try reactor.send(subscribe, on: index) }
        try reactor.send(hello, on: publisher)
        var ready = 0
        let deadline = nanoseconds() + 60_000_000_000
        while ready < connections + 1 {
            try reactor.poll(100) { _, payload in
                if payload.starts(with: "{\"type\":\"synced\"".utf8) || payload.starts(with: "{\"type\":\"ready\"".utf8)
                {
                    ready += 1
                }
            }
            if nanoseconds() > deadline { throw LoadError.timeout("subscribing") }
        }
    }
}
