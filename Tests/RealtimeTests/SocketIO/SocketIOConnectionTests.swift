import Domain
import Testing

@testable import Realtime

/// Entering and leaving namespaces, and what breaks a connection (contracts/socketio.md §3, "Connecting").
struct SocketIOConnectionTests {
    typealias Action = SocketIOConnection.Action

    private static func connection(_ version: EngineIOVersion, connectTimeout: Milliseconds = 45_000)
        -> SocketIOConnection
    {
        let ids = Counter()
        return SocketIOConnection(
            version: version,
            engineID: "E",
            namespaces: ["/", "/admin"],
            connectTimeout: connectTimeout,
            now: 1_000,
            makeID: { ids.next() }
        )
    }

    private final class Counter {
        private var count = 0
        func next() -> String {
            count += 1
            return "S\(count)"
        }
    }

    private static func joined(_ namespace: String, _ sid: String, auth: JSON? = nil) -> [Action] {
        [
            .send(SocketIOPacket(.connect(["sid": .string(sid)]), namespace: namespace)),
            .joined(namespace: namespace, sid: sid, auth: auth),
        ]
    }

    // MARK: - Protocol 5

    @Test("in protocol 5 the client asks to enter, and has another id in each namespace")
    func connect5() {
        var connection = Self.connection(.v4)
        #expect(connection.open() == [])
        #expect(connection.receive(text: "0{}") == Self.joined("/", "S1", auth: [:]))
        #expect(connection.receive(text: #"0/admin,{"token":1}"#) == Self.joined("/admin", "S2", auth: ["token": 1]))
        #expect(connection.sid(in: "/") == "S1")
        #expect(connection.sid(in: "/admin") == "S2")
    }

    @Test("an unknown namespace is refused, and the connection goes on")
    func unknownNamespace5() {
        var connection = Self.connection(.v4)
        #expect(
            connection.receive(text: "0/x,{}")
                == [.send(SocketIOPacket(.refusal(["message": "Invalid namespace"]), namespace: "/x"))]
        )
        #expect(connection.receive(text: "0") == Self.joined("/", "S1"))
    }

    @Test(
        "a packet for a namespace that has not been joined breaks the connection",
        arguments: [#"2["x"]"#, "1", "30[]", #"2/admin,["x"]"#, #"2/x,["x"]"#]
    )
    func notJoined(_ text: String) {
        var connection = Self.connection(.v4)
        #expect(connection.receive(text: text) == [.fail(.notJoined)])
        #expect(connection.receive(text: "0") == [])
    }

    @Test("a second CONNECT breaks the connection")
    func twice() {
        var connection = Self.connection(.v4)
        _ = connection.receive(text: "0")
        #expect(connection.receive(text: "0") == [.fail(.joinedAlready)])
        #expect(connection.close(isClean: false) == [.left(namespace: "/", sid: "S1", isClean: false)])
    }

    @Test("a client of protocol 5 that enters nothing in time is not waited for")
    func connectTimeout() {
        var connection = Self.connection(.v4, connectTimeout: 100)
        #expect(connection.receive(text: "0/x,") != [])
        #expect(connection.tick(now: 1_099) == [])
        #expect(connection.tick(now: 1_100) == [.fail(.connectTimeout)])
        #expect(connection.tick(now: 1_200) == [])
        var quick = Self.connection(.v4, connectTimeout: 100)
        _ = quick.receive(text: "0/admin,")
        _ = quick.receive(text: "1/admin,")
        #expect(quick.tick(now: 9_000) == [])
    }

    // MARK: - Protocol 4

    @Test("in protocol 4 the client is in the main namespace unasked, under its Engine.IO id")
    func connect4() {
        var connection = Self.connection(.v3)
        #expect(
            connection.open() == [.send(SocketIOPacket(.connect(nil))), .joined(namespace: "/", sid: "E", auth: nil)]
        )
        #expect(
            connection.receive(text: "0/admin?a=b,")
                == [
                    .send(SocketIOPacket(.connect(nil), namespace: "/admin")),
                    .joined(namespace: "/admin", sid: "/admin#E", auth: nil),
                ]
        )
        #expect(
            connection.receive(text: "0/x")
                == [.send(SocketIOPacket(.refusal("Invalid namespace"), namespace: "/x"))]
        )
        #expect(connection.tick(now: 1_000_000) == [])
    }

    @Test("a client of protocol 4 may ask all the same, without effect")
    func superfluous() {
        var connection = Self.connection(.v3)
        _ = connection.open()
        #expect(connection.receive(text: "0") == [])
        #expect(connection.receive(text: #"2["x"]"#) != [])
        _ = connection.receive(text: "0/admin")
        #expect(connection.receive(text: "0/admin") == [.fail(.joinedAlready)])
    }

    // MARK: - Both

    @Test("events and acknowledgements of a joined namespace are told", arguments: [EngineIOVersion.v3, .v4])
    func events(_ version: EngineIOVersion) {
        var connection = Self.connection(version)
        _ = connection.open()
        if version == .v4 { _ = connection.receive(text: "0") }
        #expect(
            connection.receive(text: #"27["x",1]"#)
                == [.event(namespace: "/", name: "x", SocketIOArguments([1]), id: 7)]
        )
        #expect(
            connection.receive(text: "39[2]") == [.acknowledged(namespace: "/", id: 9, SocketIOArguments([2]))]
        )
        #expect(connection.receive(text: #"51-["x",{"_placeholder":true,"num":0}]"#) == [])
        #expect(
            connection.receive(binary: [3])
                == [
                    .event(
                        namespace: "/",
                        name: "x",
                        SocketIOArguments([["_placeholder": true, "num": 0]], attachments: [[3]]),
                        id: nil
                    )
                ]
        )
    }

    @Test("who leaves a namespace has left it once, and may come back under another id")
    func leaving() {
        var connection = Self.connection(.v4)
        _ = connection.receive(text: "0")
        _ = connection.receive(text: "0/admin,")
        #expect(connection.receive(text: "1") == [.left(namespace: "/", sid: "S1", isClean: true)])
        #expect(connection.receive(text: "0") == Self.joined("/", "S3"))
        #expect(
            connection.close(isClean: false)
                == [
                    .left(namespace: "/", sid: "S3", isClean: false),
                    .left(namespace: "/admin", sid: "S2", isClean: false),
                ]
        )
        #expect(connection.close(isClean: true) == [])
        #expect(connection.receive(text: #"2["x"]"#) == [])
    }

    @Test("what was under way to a namespace that the server ended breaks nothing")
    func ended() {
        var connection = Self.connection(.v4)
        _ = connection.receive(text: "0")
        #expect(
            connection.disconnect("/")
                == [.send(SocketIOPacket(.disconnect)), .left(namespace: "/", sid: "S1", isClean: true)]
        )
        #expect(connection.disconnect("/") == [])
        #expect(connection.receive(text: #"2["x"]"#) == [])
        #expect(connection.receive(text: "1") == [])
        #expect(connection.receive(text: "0") == Self.joined("/", "S2"))
        #expect(connection.receive(text: "1") != [])
        #expect(connection.receive(text: #"2["x"]"#) == [.fail(.notJoined)])
    }

    @Test(
        "a malformed packet breaks the connection, and nothing after it counts",
        arguments: ["abc", "2{}", #"2abc["x"]"#, #"2["disconnect"]"#, "4{}"]
    )
    func malformed(_ text: String) {
        var connection = Self.connection(.v4)
        _ = connection.receive(text: "0")
        guard case .fail = connection.receive(text: text).first else {
            Issue.record("\(text) broke nothing")
            return
        }
        #expect(connection.receive(text: #"2["x"]"#) == [])
        #expect(connection.receive(binary: [1]) == [])
        #expect(connection.disconnect("/") == [])
        #expect(connection.close(isClean: false).count == 1)
    }

    @Test("an attachment out of place breaks the connection")
    func attachments() {
        var connection = Self.connection(.v4)
        _ = connection.receive(text: "0")
        #expect(connection.receive(binary: [1]) == [.fail(.unexpectedAttachment)])
    }
}
