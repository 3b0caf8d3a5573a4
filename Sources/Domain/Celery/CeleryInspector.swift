import OrderedCollections
import Synchronization

/// Asks all Celery workers what they do (contracts/socketio.md §8, inspect).
struct CeleryInspector: Sendable {
    let redis: RedisClient
    let clock: WallClock
    /// Waits for so many milliseconds; throws when the caller is cancelled.
    let sleep: @Sendable (Milliseconds) async throws -> Void
    /// How long workers may take to answer.
    var patience: Milliseconds = 1_000

    /// The longest wait between two looks at the replies.
    private static let pause: Milliseconds = 40

    /// Asks, and returns as soon as all that listen have answered, or when ``patience`` is over.
    ///
    /// Redis says how many have heard a question, so nobody is waited for in vain. Throws ``RedisError``, and
    /// `CancellationError`.
    func inspect(_ questions: [CeleryCommand.Question]) async throws -> CeleryInspection {
        let owner = Identifier.make()
        let list = CeleryKeys.replies(owner)
        let member = CeleryKeys.replyMember(owner)
        _ = try await redis.ask(RedisCommand("SADD", CeleryKeys.replyBinding, member))
        defer {
            redis.send(RedisCommand("SREM", CeleryKeys.replyBinding, member)) { _ in }
            redis.send(RedisCommand("DEL", list)) { _ in }
        }
        var inspection = CeleryInspection()
        // How many replies are still to come, by ticket.
        var open: [String: (question: CeleryCommand.Question, count: Int)] = [:]
        let start = clock.now
        let expires = Double(start + patience) / 1_000
        for question in questions {
            let ticket = Identifier.make()
            let message = CeleryCommand.inspect(question, ticket: ticket, owner: owner, expires: expires)
            let channel = CeleryKeys.commands(database: redis.address.database)
            let heard = try await redis.ask(RedisCommand("PUBLISH", channel, message)).integer ?? 0
            inspection.asked = max(inspection.asked, heard)
            open[ticket] = (question, heard)
        }
        var pause: Milliseconds = 2
        while true {
            while let reply = try await redis.ask(RedisCommand("RPOP", list)).bytes {
                guard let (headers, body) = CeleryEnvelope.decode(reply), let ticket = headers["ticket"]?.string,
                    let question = open[ticket]?.question
                else { continue }
                inspection.take(question, body)
                open[ticket]?.count -= 1
            }
            inspection.isComplete = open.values.allSatisfy { $0.count <= 0 }
            // A clock that was set back must not hold this for long.
            if inspection.isComplete || clock.now >= start + patience || clock.now < start { return inspection }
            try await sleep(pause)
            pause = min(Self.pause, pause * 2)
        }
    }
}
