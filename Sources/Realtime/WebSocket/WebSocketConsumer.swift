/// Who ended a connection.
package enum CloseInitiator: Hashable, Sendable {
    /// The peer's close frame came first; ours has been written in answer.
    case peer
    /// We called `close`, and the peer has answered.
    case local
    /// The peer broke a rule; our close frame has been written unless one had been sent before.
    case failure(ProtocolFailure)
    /// The transport ended without the closing handshake (RFC 6455 §7.1.5: code 1006).
    case transport
}

/// What a connection tells its owner, synchronously, while received bytes are parsed.
///
/// Payload pointers are valid only during the call. They point into the received bytes, unmasked in place,
/// whenever a message lies there in one piece, and into a reused buffer otherwise. A consumer may call the
/// connection's `send`, `ping`, `pong`, `close` and `setMessageLimit` meanwhile, but not `receive`.
package protocol WebSocketConsumer {
    /// A whole message, `text` or `binary`.
    ///
    /// `isASCII` says that every byte of a text is below 128. It is always false for binary messages.
    mutating func message(_ opcode: Opcode, _ payload: UnsafeRawBufferPointer, isASCII: Bool)

    /// A message above `WebSocketLimits.message` has ended; its `byteCount` bytes were thrown away.
    mutating func oversizedMessage(_ opcode: Opcode, byteCount: Int)

    /// A ping; the connection has already written the pong.
    mutating func ping(_ payload: UnsafeRawBufferPointer)

    /// A pong, asked for or not.
    mutating func pong(_ payload: UnsafeRawBufferPointer)

    /// The connection has ended. Called exactly once in its life, as the last call.
    ///
    /// The code is the peer's own (nil if its close frame had none), that of the failure, or 1006.
    mutating func closed(_ code: CloseCode?, _ reason: String, by initiator: CloseInitiator)
}
