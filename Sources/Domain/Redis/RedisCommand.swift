/// One command to Redis: its name and its arguments, any bytes each.
///
///     RedisCommand("SET", key, payload, "PX", 5000)
package struct RedisCommand: Hashable, Sendable {
    /// The name, then the arguments.
    package var words: [[UInt8]]

    /// A command of these words.
    package init(_ words: any RedisWord...) {
        self.words = words.map(\.redisBytes)
    }

    /// How many bytes its words have.
    package var size: Int { words.reduce(0) { $0 + $1.count } }
}

/// What can stand in a ``RedisCommand``.
package protocol RedisWord: Sendable {
    /// The word as Redis gets it.
    var redisBytes: [UInt8] { get }
}

extension String: RedisWord {
    package var redisBytes: [UInt8] { Array(utf8) }
}

extension [UInt8]: RedisWord {
    package var redisBytes: [UInt8] { self }
}

extension Int: RedisWord {
    package var redisBytes: [UInt8] { Array("\(self)".utf8) }
}
