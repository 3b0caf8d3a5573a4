import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Domain

/// The client with a real server, and with servers that misbehave.
@Suite(.enabled(if: RedisServer.executable != nil), .timeLimit(.minutes(5)))
struct RedisClientTests {
    private static var quick: RedisConfiguration {
        var configuration = RedisConfiguration()
        configuration.retryAfter = 5...20
        return configuration
    }

    private struct Ready {
        let client: RedisClient
        let states: Heard<RedisState>
    }

    /// A client, and what it says of its state from the beginning.
    private func connect(
        _ address: RedisAddress,
        _ configuration: RedisConfiguration = quick,
        isAwaited: Bool = true
    ) async throws -> Ready {
        let client = try RedisClient(address: address, configuration: configuration)
        let states = Heard<RedisState>()
        client.onState { states.tell($0) }
        if isAwaited, client.currentState == .away { _ = try await states.first { $0 == .connected } }
        return Ready(client: client, states: states)
    }

    private func ask(_ client: RedisClient, _ words: any RedisWord...) async -> Result<RedisValue, RedisError> {
        var command = RedisCommand()
        command.words = words.map(\.redisBytes)
        let sent = command
        return await withCheckedContinuation { caller in client.send(sent) { caller.resume(returning: $0) } }
    }

    @Test("answers come in the order of the commands, of every kind, any bytes whole")
    func commands() async throws {
        let server = try RedisServer()
        let client = try await connect(server.address()).client
        let bytes = [UInt8]((0...255).map { UInt8($0) } + Array("\r\n$3\r\n".utf8))
        #expect(await ask(client, "SET", "key", bytes) == .success(.status("OK")))
        #expect(await ask(client, "GET", "key") == .success(.bytes(bytes)))
        #expect(await ask(client, "GET", "") == .success(.null))
        #expect(await ask(client, "SET", "", "") == .success(.status("OK")))
        #expect(await ask(client, "RPUSH", "list", "message", "a", "b") == .success(.integer(3)))
        // Looks like a pushed message, and is none.
        let elements = ["message", "a", "b"].map { RedisValue.bytes(Array($0.utf8)) }
        #expect(await ask(client, "LRANGE", "list", 0, -1) == .success(.array(elements)))
        #expect(await ask(client, "GET", "list").isRefused)
        let heard = Heard<Int>()
        for number in 1...1_000 {
            client.send(RedisCommand("INCR", "n")) {
                if case .success(let value) = $0, value.integer == number { heard.tell(number) }
            }
        }
        for number in 1...1_000 { #expect(try await heard.next() == number) }
        let big = [UInt8](repeating: 7, count: 5_000_000)
        #expect(await ask(client, "SET", "big", big) == .success(.status("OK")))
        #expect(await ask(client, "GET", "big") == .success(.bytes(big)))
    }

    @Test("user, password and database of the address count, and a wrong password keeps the client away")
    func signIn() async throws {
        let server = try RedisServer("--requirepass", "hush")
        let client = try await connect(server.address(password: "hush", database: 3)).client
        #expect(await ask(client, "SET", "here", "1") == .success(.status("OK")))
        let other = try await connect(server.address(user: "default", password: "hush", database: 0)).client
        #expect(await ask(other, "GET", "here") == .success(.null))
        let lines = Heard<String>()
        let wrong = try RedisClient(
            address: server.address(password: "wrong-hush"),
            configuration: Self.quick,
            logger: Logger(label: "test") { _ in LineHandler(lines: lines) }
        )
        let line = try await lines.first { $0.contains("WRONGPASS") }
        #expect(line.contains("away") && !line.contains("hush"))
        #expect(await ask(wrong, "PING") == .failure(.away))
    }

    @Test("what is published reaches the listeners, in order, until they are taken back")
    func publishing() async throws {
        let server = try RedisServer()
        let client = try await connect(server.address()).client
        let heard = Heard<String>()
        let subscription = client.subscribe(["a", "b"]) { channel, bytes in
            heard.tell("\(channel) \(String(decoding: bytes, as: UTF8.self))")
        } onState: {
            heard.tell($0.rawValue)
        }
        #expect(try await heard.next() == "connected")
        for number in 0..<100 { client.publish(channel: number % 2 == 0 ? "a" : "b", Array("\(number)".utf8)) }
        for number in 0..<100 { #expect(try await heard.next() == "\(number % 2 == 0 ? "a" : "b") \(number)") }
        client.unsubscribe(subscription)
        let other = client.subscribe(
            ["end"],
            onMessage: { _, _ in heard.tell("end") },
            onState: { heard.tell($0.rawValue) }
        )
        #expect(try await heard.next() == "connected")
        client.publish(channel: "a", [])
        client.publish(channel: "end", [])
        #expect(try await heard.next() == "end")
        client.unsubscribe(other)
    }

    @Test("after the server was killed the client fails at once, comes back by itself and listens again")
    func comingBack() async throws {
        let server = try RedisServer()
        let ready = try await connect(server.address())
        let client = ready.client
        let heard = Heard<String>()
        let subscription = client.subscribe(["a"]) {
            heard.tell(String(decoding: $1, as: UTF8.self))
        } onState: {
            heard.tell($0.rawValue)
        }
        #expect(try await heard.next() == "connected")
        server.kill()
        _ = try await ready.states.first { $0 == .away }
        #expect(try await heard.next() == "away")
        #expect(client.currentState == .away)
        try server.start()
        _ = try await ready.states.first { $0 == .connected }
        #expect(try await heard.next() == "connected")
        #expect(await ask(client, "PING") == .success(.status("PONG")))
        client.publish(channel: "a", Array("again".utf8))
        #expect(try await heard.next() == "again")
        client.unsubscribe(subscription)
    }

    @Test("what is published last is answered before the client goes")
    func goingInPeace() async throws {
        let said = Mutex("")
        let isAnswered = Mutex(false)
        let server = try FakeRedis { text in
            // The greetings of both connections come before the message.
            let heard = said.withLock { said in
                if text.contains("PUBLISH") || !said.isEmpty { said += text }
                return said
            }
            guard !heard.isEmpty else { return "+PONG\r\n" }
            // The message itself stays without an answer until a question follows it.
            guard heard.contains("PING") else { return "" }
            isAnswered.withLock { $0 = true }
            return ":1\r\n+PONG\r\n"
        }
        var configuration = Self.quick
        // Among a thousand tests it may be long until the service's turn comes.
        configuration.commandTimeout = 600_000
        let client = try await connect(server.address, configuration).client
        client.publish(channel: "a", Array("goodbye".utf8))
        let group = ServiceGroup(services: [client], gracefulShutdownSignals: [], logger: Logger(label: "test"))
        async let ended: Void = group.run()
        await group.triggerGracefulShutdown()
        try await ended
        #expect(isAnswered.withLock { $0 })
    }

    @Test("without a server commands fail as away, and what is closed stays so")
    func away() async throws {
        let folder = try TemporaryFolder()
        let address = RedisAddress(place: .unix(path: folder.path + "/nobody.sock"))
        let client = try await connect(address, isAwaited: false).client
        #expect(await ask(client, "PING") == .failure(.away))
        client.close()
        #expect(await ask(client, "PING") == .failure(.away))
        #expect(client.currentState == .away)
    }

    @Test("a server that falls silent is left after the time of a command, and the command counts as lost")
    func silence() async throws {
        let isSilent = Counter()
        let server = try FakeRedis { text in
            isSilent.value == 0
                ? String(repeating: "+PONG\r\n", count: text.components(separatedBy: "PING").count - 1) : ""
        }
        var configuration = Self.quick
        configuration.commandTimeout = 50
        // Nothing but the command may find out.
        configuration.pingAfter = 3_600_000
        let ready = try await connect(server.address, configuration)
        _ = isSilent.next()
        #expect(await ask(ready.client, "GET", "x") == .failure(.lost))
        _ = try await ready.states.first { $0 == .away }
    }

    @Test("a silent connection is asked whether it lives")
    func ping() async throws {
        let isSilent = Counter()
        let asked = Heard<Void>()
        let server = try FakeRedis { text in
            let count = text.components(separatedBy: "PING").count - 1
            guard isSilent.value > 0 else { return String(repeating: "+PONG\r\n", count: count) }
            if count > 0 { asked.tell(()) }
            return ""
        }
        var configuration = Self.quick
        configuration.commandTimeout = 1_000
        configuration.pingAfter = 20
        let ready = try await connect(server.address, configuration)
        _ = isSilent.next()
        try await asked.next()
        while ready.client.currentState == .connected { _ = try await ready.states.next() }
    }

    @Test(
        "what is not Redis, or not ready, is no connection",
        arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "-LOADING Redis is loading\r\n", "+PONG\r\n+PONG\r\n:1\r\n"]
    )
    func strangers(answer: String) async throws {
        let asked = Heard<Void>()
        let server = try FakeRedis { _ in
            asked.tell(())
            return answer
        }
        let client = try await connect(server.address, isAwaited: false).client
        // Each connection is dropped and made anew, so the stranger is asked again and again.
        for _ in 0..<6 { try await asked.next() }
        #expect(await ask(client, "PING").isFailure)
    }

    @Test("more than may wait is refused at once")
    func bounds() async throws {
        let server = try RedisServer()
        var configuration = Self.quick
        configuration.maxPendingBytes = 100
        let client = try await connect(server.address(), configuration).client
        #expect(await ask(client, "SET", "a", [UInt8](repeating: 1, count: 200)) == .failure(.busy))
        #expect(await ask(client, "SET", "a", "1") == .success(.status("OK")))
    }
}

/// A log that only remembers.
private struct LineHandler: LogHandler {
    let lines: Heard<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(lines: Heard<String>) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.tell("\(event.message) \(event.metadata ?? [:])") }
}

extension Result<RedisValue, RedisError> {
    fileprivate var isRefused: Bool {
        if case .failure(.refused) = self { true } else { false }
    }

    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
