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
        if topic != nil { try subscribe(reactor) }
        let bursts = Bursts(
            reactor: reactor,
            publisher: connections,
            receivers: connections,
            burst: burst,
            seconds: seconds
        )
        let name = "fanout \(connections) subscribers, burst \(burst)"
        try bursts.measure(name, message: message, isDelivery: isMessage).emit()
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

    private func subscribe(_ reactor: Reactor) throws {
        for index in 0..<connections {
            try reactor.send(text: #"{"type":"subscribe","id":1,"topics":["\#(topic ?? "")"]}"#, on: index)
        }
        try reactor.send(text: #"{"type":"hello","id":1,"name":"load","kind":"script"}"#, on: connections)
        try reactor.await(connections + 1, "subscribing") { _, payload in
            payload.starts(with: "{\"type\":\"synced\"".utf8) || payload.starts(with: "{\"type\":\"ready\"".utf8)
        }
    }
}
