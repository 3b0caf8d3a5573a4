import Testing

@testable import Domain

/// Tasks are found wherever Celery keeps them, in a real Redis.
@Suite(.enabled(if: RedisServer.executable != nil), .timeLimit(.minutes(5)))
struct CelerySearchTests {
    private let server: RedisServer
    private let client: RedisClient

    init() async throws {
        server = try RedisServer()
        var configuration = RedisConfiguration()
        configuration.retryAfter = 5...20
        let client = try RedisClient(address: server.address(), configuration: configuration)
        self.client = client
        let states = Heard<RedisState>()
        client.onState { states.tell($0) }
        if client.currentState == .away { _ = try await states.first { $0 == .connected } }
    }

    private func put(_ id: String, list: String) async throws {
        let message: JSON = ["headers": ["id": .string(id)], "body": ""]
        _ = try await client.ask(RedisCommand("LPUSH", list, message.encoded))
    }

    @Test("with a worker, in the list of any priority, and behind what is no message")
    func everywhere() async throws {
        _ = try await client.ask(RedisCommand("HSET", "unacked", "held", "x"))
        for (id, step) in [("0", 0), ("3", 3), ("6", 6), ("9", 9)] {
            try await put(id, list: CeleryKeys.list(queue: "q", step: step))
        }
        _ = try await client.ask(RedisCommand("RPUSH", "q", "no message"))
        _ = try await client.ask(RedisCommand("LPUSH", "q", "{}"))
        try await put("elsewhere", list: "other")
        let search = CelerySearch(redis: client)
        let outcome = try await search.find(["held", "0", "3", "6", "9", "elsewhere", "nowhere"], queues: ["q"])
        #expect(outcome == CelerySearch.Outcome(found: ["held", "0", "3", "6", "9"], isWhole: true))
        #expect(try await search.find(["elsewhere"], queues: ["q", "other"]).found == ["elsewhere"])
        #expect(try await search.find([], queues: ["q"]) == CelerySearch.Outcome())
    }

    @Test("page by page, and when a list is too long for that, it says so")
    func pages() async throws {
        for number in 0..<25 { try await put("t\(number)", list: "q") }
        var search = CelerySearch(redis: client)
        search.page = 4
        let ids = (0..<25).map { "t\($0)" }
        #expect(try await search.find(ids, queues: ["q"]).found == Set(ids))
        #expect(try await search.find(["nowhere"], queues: ["q"]) == CelerySearch.Outcome())
        search.limit = 8
        let short = try await search.find(ids, queues: ["q"])
        #expect(short.found == Set(ids.suffix(8)) && !short.isWhole)
    }

    @Test("a key that is no list is an error, not an absence")
    func wrongType() async throws {
        _ = try await client.ask(RedisCommand("SET", "q", "text"))
        await #expect(throws: RedisError.self) { try await CelerySearch(redis: client).find(["a"], queues: ["q"]) }
    }

    @Test("a message is put into its list once, however often it is asked for")
    func mark() async throws {
        let start = ContinuousClock.now
        for expected in [1, 0] {
            let command = CeleryScripts.enqueue(id: "i", list: "q", message: Array("m".utf8))
            #expect(try await client.ask(command) == .integer(expected))
        }
        #expect(try await client.ask(RedisCommand("LRANGE", "q", 0, -1)).array == [.bytes(Array("m".utf8))])
        let life = try #require(try await client.ask(RedisCommand("PTTL", CeleryKeys.mark("i"))).integer)
        // However slow the machine is: a second more than passed here, for clocks that differ.
        let passed = Int((ContinuousClock.now - start) / .milliseconds(1)) + 1_000
        #expect((CeleryScripts.markLifetime - passed...CeleryScripts.markLifetime).contains(life))
    }
}
