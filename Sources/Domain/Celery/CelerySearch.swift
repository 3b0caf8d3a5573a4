/// Looks for tasks in the places where no worker speaks for them: held unacknowledged, and waiting in queues.
struct CelerySearch: Sendable {
    /// What was found, and whether the queues were seen to their ends.
    struct Outcome: Hashable, Sendable {
        var found: Set<String> = []
        var isWhole = true
    }

    let redis: RedisClient
    /// How many messages of a list are looked at.
    var limit = 20_000
    /// How many are fetched at a time.
    var page = 500

    /// Looks for the ids in what workers hold, then in `queues`, into which they were put.
    ///
    /// Throws ``RedisError``.
    func find(_ ids: [String], queues: Set<String>) async throws(RedisError) -> Outcome {
        var outcome = Outcome()
        guard !ids.isEmpty else { return outcome }
        for start in stride(from: 0, to: ids.count, by: page) {
            let some = Array(ids[start..<min(ids.count, start + page)])
            var command = RedisCommand("HMGET", CeleryKeys.unacknowledged)
            command.words += some.map(\.redisBytes)
            let values = try await redis.ask(command).array ?? []
            for (id, value) in zip(some, values) where value != .null { outcome.found.insert(id) }
        }
        var missing = Set(ids).subtracting(outcome.found)
        for queue in queues.sorted() {
            for step in CeleryKeys.steps where !missing.isEmpty {
                let list = CeleryKeys.list(queue: queue, step: step)
                guard try await look(for: &missing, in: list, &outcome) else {
                    outcome.isWhole = false
                    continue
                }
            }
        }
        return outcome
    }

    /// Looks through one list from its young end, so that what is added meanwhile moves nothing past; returns
    /// whether it came to the old end.
    private func look(
        for missing: inout Set<String>,
        in list: String,
        _ outcome: inout Outcome
    ) async throws(RedisError) -> Bool {
        for start in stride(from: 0, to: limit, by: page) {
            let messages = try await redis.ask(RedisCommand("LRANGE", list, start, start + page - 1)).array ?? []
            for message in messages {
                guard let id = message.bytes.flatMap(Self.id), missing.remove(id) != nil else { continue }
                outcome.found.insert(id)
            }
            if messages.count < page || missing.isEmpty { return true }
        }
        return false
    }

    private static func id(_ message: [UInt8]) -> String? {
        (try? JSONParser.parse(message, depth: CeleryEnvelope.depth))?["headers"]?["id"]?.string
    }
}
