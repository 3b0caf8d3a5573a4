/// Why a command has no answer to give.
package enum RedisError: Error, Hashable, Sendable {
    /// There is no connection; nothing was sent.
    case away
    /// So much waits for an answer already that nothing was sent.
    case busy
    /// The connection ended first; whether the command was carried out is not known.
    case lost
    /// Redis refused the command, in its words.
    case refused(String)
}

/// Whether Redis is there.
package enum RedisState: String, Sendable {
    case connected
    case away
}
