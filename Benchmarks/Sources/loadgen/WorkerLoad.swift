import ArgumentParser

/// One VFrame worker reports over Socket.IO, every dashboard hears each report; the delay of each is measured.
///
/// The dashboards are front-ends in the room `/client`, or native ones that follow `tasks`.
struct WorkerLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "A Socket.IO worker's reports to many dashboards."
    )

    /// What a dashboard speaks.
    enum Dashboard: String, ExpressibleByArgument {
        case socketio
        case native
    }

    @Option var port: UInt16
    @Option(help: "Dashboards.") var connections = 1000
    @Option(help: "What they speak: socketio or native.") var dashboards = Dashboard.socketio
    @Option(help: "Reports a burst; the next goes out when all have arrived.") var burst = 16
    @Option(help: "How long to measure.") var seconds = 3.0

    private static let socketPath = "/socket.io/?EIO=4&transport=websocket"

    func run() throws {
        let reactor = try Reactor()
        let worker = connections
        try reactor.open(connections, port: port, path: dashboards == .native ? "/ws" : Self.socketPath)
        try reactor.open(1, port: port, path: Self.socketPath)
        try enter(reactor, worker)
        try follow(reactor, worker)
        let task = "bench-\(nanoseconds())"
        try reactor.send(text: #"42["task_start",{"uuid":"\#(task)"}]"#, on: worker)
        let start = dashboards == .native ? #"{"type":"task.started""# : #"42["task_start""#
        try reactor.await(connections, "the start") { _, payload in payload.starts(with: start.utf8) }
        let delivery = dashboards == .native ? #"{"type":"task.log""# : #"42["task_update""#
        let bursts = Bursts(
            reactor: reactor,
            publisher: worker,
            receivers: connections,
            burst: burst,
            seconds: seconds
        )
        let report = try bursts.measure(
            "worker to \(connections) \(dashboards.rawValue) dashboards, burst \(burst)",
            message: { number in
                Array(
                    #"42["task_update",{"uuid":"\#(task)","type":"debug","data":"Indexing media \#(number)"}]"#.utf8
                )
            },
            isDelivery: { $0.starts(with: delivery.utf8) }
        )
        report.emit()
    }

    /// Lets those that speak Socket.IO into the namespace.
    private func enter(_ reactor: Reactor, _ worker: Int) throws {
        let first = dashboards == .native ? worker : 0
        for index in first...worker { try reactor.send(text: "40", on: index) }
        try reactor.await(worker - first + 1, "connecting") { _, payload in payload.starts(with: "40{".utf8) }
    }

    /// Lets the dashboards hear of tasks.
    private func follow(_ reactor: Reactor, _ worker: Int) throws {
        let native = #"{"type":"subscribe","id":1,"topics":["tasks"]}"#
        let join = #"42["join",{"room":"/client"}]"#
        for index in 0..<worker { try reactor.send(text: dashboards == .native ? native : join, on: index) }
        let answer = dashboards == .native ? #"{"type":"synced""# : #"42["list_tasks""#
        try reactor.await(worker, "following") { _, payload in payload.starts(with: answer.utf8) }
    }
}
