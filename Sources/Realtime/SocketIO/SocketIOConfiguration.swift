package import Domain

/// The bounds of Socket.IO connections.
package struct SocketIOConfiguration: Sendable {
    /// How long a client of protocol 5 may take to enter its first namespace.
    package var connectTimeout: Milliseconds = 45_000
    /// Attachments of one packet.
    package var maxAttachments = SocketIODecoder.attachmentsLimit

    /// The defaults of contracts/socketio.md §3.
    package init() {}
}
