/// What must happen in Redis all at once.
enum CeleryScripts {
    /// How long the mark of a message stands, should nobody remove it: 30 days, in milliseconds.
    static let markLifetime = 30 * 86_400_000

    /// Puts the message into its list unless its mark stands; answers 1 when it did.
    static func enqueue(id: String, list: String, message: [UInt8]) -> RedisCommand {
        let script = """
            if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then \
            redis.call('LPUSH', KEYS[2], ARGV[2]) return 1 end return 0
            """
        return RedisCommand("EVAL", script, 2, CeleryKeys.mark(id), list, markLifetime, message)
    }
}
