extension RedisClient {
    /// Sends a command and waits for its answer; throws ``RedisError``.
    func ask(_ command: RedisCommand) async throws(RedisError) -> RedisValue {
        let answer = await withCheckedContinuation { caller in send(command) { caller.resume(returning: $0) } }
        return try answer.get()
    }
}
