import OrderedCollections
import Testing

@testable import Domain

/// Workers are asked over a real Redis; the workers are the test's.
@Suite(.enabled(if: RedisServer.executable != nil), .timeLimit(.minutes(5)))
struct CeleryInspectorTests {
    private let server: RedisServer
    private let client: RedisClient
    private let inspector: CeleryInspector
    /// The time that ``inspector`` waited.
    private let waited = Counter()

    init() async throws {
        server = try RedisServer()
        var configuration = RedisConfiguration()
        configuration.retryAfter = 5...20
        let client = try RedisClient(address: server.address(database: 2), configuration: configuration)
        self.client = client
        let waited = waited
        inspector = CeleryInspector(
            redis: client,
            clock: WallClock { waited.value },
            sleep: {
                for _ in 0..<$0 { _ = waited.next() }
                // The workers of these tests answer in real time.
                try await Task.sleep(for: .milliseconds(3 * $0))
            }
        )
        let states = Heard<RedisState>()
        client.onState { states.tell($0) }
        if client.currentState == .away { _ = try await states.first { $0 == .connected } }
    }

    /// A worker that answers every question with `reply`; `nil` keeps silent.
    private func worker(_ reply: @escaping @Sendable (_ question: String) -> JSON?) async throws -> RedisSubscription {
        let states = Heard<RedisState>()
        let client = client
        let subscription = client.subscribe([CeleryKeys.commands(database: 2)]) { _, bytes in
            guard let (_, body) = CeleryEnvelope.decode(bytes), let owner = body["reply_to"]?["routing_key"]?.string,
                let question = body["method"]?.string, let answer = reply(question)
            else { return }
            let message = CeleryEnvelope.encode(
                body: answer,
                headers: ["ticket": body["ticket"] ?? .null, "clock": 2],
                properties: ["body_encoding": "base64"]
            )
            client.send(RedisCommand("LPUSH", CeleryKeys.replies(owner), message)) { _ in }
        } onState: {
            states.tell($0)
        }
        #expect(try await states.next() == .connected)
        return subscription
    }

    @Test("without workers the answer comes at once and is whole, and nothing is left in Redis")
    func nobody() async throws {
        let inspection = try await inspector.inspect(CeleryCommand.Question.allCases)
        #expect(inspection.asked == 0 && inspection.isComplete && inspection.active.isEmpty)
        #expect(waited.value == 0)
        #expect(try await client.ask(RedisCommand("DBSIZE")) == .integer(0))
    }

    @Test("all questions are answered, and nobody is waited for any longer")
    func answered() async throws {
        let subscription = try await worker { question in
            question == "active" ? ["one": [["id": "a"]]] : ["one": []]
        }
        let inspection = try await inspector.inspect(CeleryCommand.Question.allCases)
        #expect(inspection.asked == 1 && inspection.isComplete)
        #expect(inspection.activeTasks == ["a": "one"] && inspection.workers == ["one"])
        #expect(waited.value < 1_000)
        #expect(try await client.ask(RedisCommand("DBSIZE")) == .integer(0))
        client.unsubscribe(subscription)
    }

    @Test("a silent worker is waited for a second, and what others said counts")
    func silent() async throws {
        let subscription = try await worker { $0 == "active" ? ["one": []] : nil }
        let inspection = try await inspector.inspect(CeleryCommand.Question.allCases)
        #expect(!inspection.isComplete && inspection.workers == ["one"])
        #expect((1_000...1_100).contains(waited.value))
        client.unsubscribe(subscription)
    }

    @Test("replies to other questions, and what is no reply, are passed over")
    func strangers() async throws {
        let client = client
        let subscription = client.subscribe([CeleryKeys.commands(database: 2)]) { _, bytes in
            guard let owner = CeleryEnvelope.decode(bytes)?.body["reply_to"]?["routing_key"]?.string else { return }
            let other = CeleryEnvelope.encode(
                body: ["one": [["id": "x"]]],
                headers: ["ticket": "another"],
                properties: ["body_encoding": "base64"]
            )
            for reply in [Array("junk".utf8), other] {
                client.send(RedisCommand("LPUSH", CeleryKeys.replies(owner), reply)) { _ in }
            }
        }
        let inspection = try await inspector.inspect([.active])
        #expect(inspection.active.isEmpty)
        client.unsubscribe(subscription)
    }

    @Test("while Redis is away there is no answer")
    func away() async throws {
        client.close()
        await #expect(throws: RedisError.self) { try await inspector.inspect([.active]) }
    }
}
