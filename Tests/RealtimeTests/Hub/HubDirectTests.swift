import Domain
import Testing

@testable import Realtime

/// Messages to single clients (contracts/vframe.md §3, `socket/event`).
struct HubDirectTests {
    @Test("A message for one client reaches that client alone, whatever loop it is on and however it is connected")
    func reachesOne() throws {
        let test = TestHub(loops: 2)
        let first = try test.connect()
        let second = try test.connect(on: 1)
        let stream = try test.stream([.library])
        let id = try #require(second.take().first?["client"]?.string)
        _ = first.take()
        #expect(test.hub.send(event: ["userid": .string(id), "a": 1], toClient: id))
        test.run()
        #expect(first.take().isEmpty)
        #expect(
            second.take().map(\.text)
                == [#"{"type":"client.event","event":"task","data":{"userid":"\#(id)","a":1}}"#]
        )
        let streaming = try #require(test.journal.read { $0.clients.clients }.first { $0.transport == .sse })
        _ = stream.take()
        #expect(test.hub.send(event: [:], toClient: streaming.id))
        test.run()
        #expect(stream.take().map(\.event) == ["client.event"])
    }

    @Test("There is nobody under an unknown id, or under that of a client that has left")
    func nobody() throws {
        let test = TestHub()
        #expect(!test.hub.send(event: [:], toClient: "nobody"))
        let client = try test.connect()
        let id = try #require(client.take().first?["client"]?.string)
        client.disconnect()
        test.run()
        #expect(!test.hub.send(event: [:], toClient: id))
    }
}
