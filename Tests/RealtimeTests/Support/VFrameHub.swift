import Domain

@testable import Realtime

/// A hub that serves VFrame's clients.
struct VFrameHub {
    let hub: TestHub
    let reports = FakeReports()
    let relay: VFrameRelay

    init(loops: Int = 1, tasks: FakeTasks = FakeTasks(), _ configure: (inout HubConfiguration) -> Void = { _ in }) {
        hub = TestHub(loops: loops, tasks: tasks, configure)
        relay = VFrameRelay(journal: hub.journal, reported: reports)
    }

    /// A client that has been told its id.
    func connect(
        _ version: EngineIOVersion = .v4,
        role: Role = .admin,
        on index: Int = 0,
        link: RecordingLink = RecordingLink()
    ) throws -> VFrameClient {
        let relay = self.relay
        let client = try hub.socketIO(version, role: role, on: index, link: link) { VFrameBehaviour(relay: relay) }
        if version == .v4 { client.send("0") }
        hub.run()
        return VFrameClient(client)
    }

    /// The records of those who are connected.
    var clients: [ClientRecord] { hub.journal.read { $0.clients.clients } }

    /// Has a message sent to a room.
    func say(_ number: Int64, room: String?, event: String = "e", skipping: Set<String> = []) {
        let message = RoomMessage(
            room: room,
            event: event,
            arguments: [.int(number)],
            skipping: skipping,
            sender: "tester"
        )
        hub.journal.publish(.roomMessage(message))
    }
}

/// A client of VFrame's API that knows who it is.
final class VFrameClient {
    let client: SocketIOClient
    /// The id under which it is listed.
    private(set) var userid = ""
    /// Its Socket.IO id.
    private(set) var sid = ""
    /// What it was told first.
    let welcome: [String]

    init(_ client: SocketIOClient) {
        self.client = client
        welcome = client.take()
        for packet in welcome {
            let json = (try? JSONParser.parse(String(packet.dropFirst()))) ?? .null
            if packet.hasPrefix("0"), let sid = json["sid"]?.string { self.sid = sid }
            if packet.hasPrefix("2"), let id = json.array?.last?["value"]?.string { userid = id }
        }
        if client.engine?.version == .v3 { sid = client.engine?.id ?? "" }
    }

    var link: RecordingLink { client.link }

    func emit(_ name: String, _ arguments: JSON...) {
        client.send("2" + JSON.array([.string(name)] + arguments).text)
    }

    func join(_ room: String) { emit("join", ["room": .string(room)]) }

    func leave(_ room: String) { emit("leave", ["room": .string(room)]) }

    /// Sends an event and returns what came since the last call, as `name data`.
    func ask(_ name: String, _ arguments: JSON...) -> [String] {
        client.send("2" + JSON.array([.string(name)] + arguments).text)
        return client.takeWords()
    }

    func take() -> [String] { client.takeWords() }
}
