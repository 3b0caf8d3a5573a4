/// One connection sends bursts that reach all others; the delay of each delivery is measured.
struct Bursts {
    let reactor: Reactor
    /// The index of the connection that sends.
    let publisher: Int
    /// How many get every message.
    let receivers: Int
    /// Messages a burst; the next goes out when all have arrived.
    let burst: Int
    /// How long to measure, after half a second of warming up.
    let seconds: Double

    /// Sends `message(1)`, `message(2)` and so on; a payload that `isDelivery` is one of them arriving somewhere.
    func measure(
        _ name: String,
        message: (Int) -> [UInt8],
        isDelivery: (UnsafeRawBufferPointer) -> Bool
    ) throws -> Report {
        var report = Report(name)
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
            var missing = receivers * burst
            let deadline = sentAt + 10_000_000_000
            while missing > 0 {
                var arrived = 0
                try reactor.poll(100) { index, payload in
                    if index != publisher, isDelivery(payload) { arrived += 1 }
                }
                now = nanoseconds()
                missing -= arrived
                if sentAt > warm, arrived > 0 {
                    report.messages += arrived
                    report.latency.record(now - sentAt, count: UInt64(arrived))
                }
                if now > deadline { throw LoadError.timeout("a burst of \(burst) to \(receivers)") }
            }
        }
        report.seconds = Double(now - warm) / 1e9
        return report
    }
}

extension Reactor {
    /// Waits until `count` payloads have come that `isWanted`.
    func await(_ count: Int, _ what: String, isWanted: (Int, UnsafeRawBufferPointer) -> Bool) throws {
        var missing = count
        let deadline = nanoseconds() + 60_000_000_000
        while missing > 0 {
            try poll(100) { index, payload in if isWanted(index, payload) { missing -= 1 } }
            if nanoseconds() > deadline { throw LoadError.timeout(what) }
        }
    }

    /// Sends a text message on the socket with this index.
    func send(text: String, on index: Int) throws {
        try send(ClientFrame.make(1, Array(text.utf8)), on: index)
    }
}
