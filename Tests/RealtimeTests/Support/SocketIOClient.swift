import Domain
import Testing

@testable import Realtime

/// A client of Socket.IO over a WebSocket, driven by a test.
final class SocketIOClient {
    private(set) weak var engine: EngineSession?
    let link: RecordingLink
    let frames = FrameReader()
    private let version: EngineIOVersion
    private let loop: ManualLoop
    private var unread: [String] = []
    /// How many attachments of the packet read last have not come.
    private var missing = 0
    /// The texts of all packets of Engine.IO that were no messages.
    private(set) var enginePackets: [String] = []
    /// The attachments of all packets, in order.
    private(set) var attachments: [[UInt8]] = []

    init(_ engine: EngineSession, loop: ManualLoop, link: RecordingLink = RecordingLink()) {
        self.engine = engine
        self.link = link
        self.loop = loop
        version = engine.version
        link.session = engine
        engine.open(on: link)
    }

    /// Sends the text of a packet and runs the loop.
    func send(_ text: String) {
        say(text)
        loop.run()
    }

    /// Sends the text of a packet; the loop does not run.
    func say(_ text: String) {
        engine?.received(.message(text), from: link)
    }

    func send(binary: [UInt8]) {
        engine?.received(.binary(binary), from: link)
        loop.run()
    }

    /// Sends an event of the namespace `/`.
    func emit(_ name: String, _ arguments: JSON...) {
        send("2" + JSON.array([.string(name)] + arguments).text)
    }

    /// Sends the Engine.IO packet that ends the session.
    func sayClose() {
        engine?.received(.close, from: link)
        loop.run()
    }

    /// The connection ends without a word.
    func disconnect() {
        engine?.closed(link)
        loop.run()
    }

    /// The texts of the Socket.IO packets since the last call.
    func take() -> [String] {
        for message in frames.read(link.take()) {
            if missing > 0 {
                missing -= 1
                attachments.append(version == .v3 ? Array(message.dropFirst()) : message)
                continue
            }
            let text = String(decoding: message, as: UTF8.self)
            guard text.hasPrefix("4") else {
                enginePackets.append(text)
                continue
            }
            unread.append(String(text.dropFirst()))
            if text.hasPrefix("45") || text.hasPrefix("46") {
                missing = Int(text.dropFirst(2).prefix { $0 != "-" }) ?? 0
            }
        }
        defer { unread = [] }
        return unread
    }

    /// The events of the namespace `/` since the last call: name and first argument.
    func takeEvents() -> [(name: String, data: JSON)] {
        take().compactMap { text in
            guard text.hasPrefix("2["), let values = try? JSONParser.parse(String(text.dropFirst()), depth: 64).array
            else { return nil }
            return (values[0].string ?? "?", values.count > 1 ? values[1] : .null)
        }
    }

    /// The texts of the events since the last call, as `name data`.
    func takeWords() -> [String] {
        takeEvents().map { $0.data.isNull ? $0.name : "\($0.name) \($0.data.text)" }
    }
}

extension TestHub {
    /// A Socket.IO client of the behaviour, whose Engine.IO session stands.
    func socketIO(
        _ version: EngineIOVersion = .v4,
        role: Role = .admin,
        on index: Int = 0,
        link: RecordingLink = RecordingLink(),
        configuration: SocketIOConfiguration = SocketIOConfiguration(),
        behaviour: @escaping @Sendable () -> any SocketIOBehaviour
    ) throws -> SocketIOClient {
        let tasks = self.tasks
        let target = RequestTarget("/socket.io/?EIO=\(version.rawValue)&transport=websocket")
        let engine = EngineSession(
            shard: hub.shards[index],
            request: try EngineIORequest(method: "GET", target: target, isUpgrade: true, isKnown: { _ in false }),
            role: role,
            address: link.address,
            target: target,
            configuration: EngineIOConfiguration(),
            directory: EngineDirectory(),
            slot: try #require(hub.admit()),
            application: { SocketIOSession($0, tasks: tasks, configuration: configuration, behaviour: behaviour()) }
        )
        let client = SocketIOClient(engine, loop: loops[index], link: link)
        run()
        return client
    }
}

extension RecordingLink: EngineWebSocket {
    func hold(_ slot: ConnectionSlot) {}
}
