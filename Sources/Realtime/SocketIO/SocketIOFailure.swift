/// Why a Socket.IO connection is closed: each is the client's breach of the protocol (contracts/socketio.md §3).
package enum SocketIOFailure: Error, Hashable, Sendable {
    /// The packet does not begin with a digit of 0 to 6.
    case unknownType
    /// A packet with attachments without a count of them, or more of them than allowed.
    case badAttachmentCount
    /// The namespace is longer than ``SocketIODecoder/namespaceLimit``.
    case badNamespace
    /// An acknowledgement without id, or an id past 2^53-1.
    case badID
    /// The payload is no JSON, too deep, or not what the type has: an object, a non-empty array with a name, an array.
    case badPayload
    /// A placeholder that stands for no attachment of its packet.
    case badPlaceholder
    /// An event with a name that only the two ends themselves may use.
    case reservedEvent
    /// A binary message that no packet announced.
    case unexpectedAttachment
    /// A text between a packet and its attachments.
    case missingAttachment
    /// A packet that only a server sends.
    case notForClients
    /// A packet for a namespace that has not been joined.
    case notJoined
    /// A second CONNECT for a namespace.
    case joinedAlready
    /// No namespace was joined in time.
    case connectTimeout
}
