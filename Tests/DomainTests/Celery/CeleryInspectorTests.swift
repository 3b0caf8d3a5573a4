import OrderedCollections
import Synchronization
import Testing

@testable import Domain

/// Workers are asked over a real Redis; the workers are the test's.
@Suite(.enabled(if: RedisServer.executable != nil), .timeLimit(.minutes(5)))
struct CeleryInspectorTests {
    private let server: RedisServer
    private let client: RedisClient
    private let inspector: CeleryInspector
    /// The time that ``inspector`` waited, which stands while a worker is about to answer.
    private let waited = Counter()
    private let work = Work()

    /// What the workers have yet to do with the questions to come.
    private final class Work: Sendable {
        private let left = Mutex(0)

        var isOver: Bool { left.withLock { $0 == 0 } }

        func expect(_ questions: Int) { left.withLock { $0 += questions } }

        /// A question has been passed over, or its answer is in Redis.
        func end() { left.withLock { $0 -= 1 } }
    }

    init() async throws {
        server = try RedisServer()
        var configuration = RedisConfiguration()
        configuration.retryAfter = 5...20
        let client = try RedisClient(address: server.address(database: 2), configuration: configuration)
        self.client = client
        let (waited, work) = (waited, work)
        inspector = CeleryInspector(
            redis: client,
            clock: WallClock { waited.value },
            sleep: { time in
                while !work.isOver { try await Task.sleep(for: .milliseconds(1)) }
                for _ in 0..<time { _ = waited.next() }
            }
        )
        let states = Heard<RedisState>()
        client.onState { states.tell($0) }
        if client.currentState == .away { _ = try await states.first { $0 == .connected } }
    }

    /// A worker that answers each of so many questions with `reply`; `nil` keeps silent.
    private func worker(
        _ questions: Int = CeleryCommand.Question.allCases.count,
        _ reply: @escaping @Sendable (_ question: String) -> JSON?
    ) async throws -> RedisSubscription {
        try await listener(questions) { body in
            guard let question = body["method"]?.string, let answer = reply(question) else { return nil }
            return CeleryEnvelope.encode(
                body: answer,
                headers: ["ticket": body["ticket"] ?? .null, "clock": 2],
                properties: ["body_encoding": "base64"]
            )
        }
    }

    /// Someone who puts what `reply` makes of each question's body into the list of replies.
    private func listener(
        _ questions: Int,
        _ reply: @escaping @Sendable (_ body: JSON) -> [UInt8]?
    ) async throws -> RedisSubscription {
        work.expect(questions)
        let states = Heard<RedisState>()
        let (client, work) = (client, work)
        let subscription = client.subscribe([CeleryKeys.commands(database: 2)]) { _, bytes in
            guard let (_, body) = CeleryEnvelope.decode(bytes), let owner = body["reply_to"]?["routing_key"]?.string,
                let message = reply(body)
            else { return work.end() }
            client.send(RedisCommand("LPUSH", CeleryKeys.replies(owner), message)) { _ in work.end() }
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
        let junk = try await listener(1) { _ in Array("junk".utf8) }
        let other = try await listener(1) { _ in
            CeleryEnvelope.encode(
                body: ["one": [["id": "x"]]],
                headers: ["ticket": "another"],
                properties: ["body_encoding": "base64"]
            )
        }
        let inspection = try await inspector.inspect([.active])
        #expect(inspection.active.isEmpty && !inspection.isComplete)
        for subscription in [junk, other] { client.unsubscribe(subscription) }
    }

    @Test("while Redis is away there is no answer")
    func away() async throws {
        client.close()
        await #expect(throws: RedisError.self) { try await inspector.inspect([.active]) }
    }
}
