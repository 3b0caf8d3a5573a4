package import Domain

/// What a server does in the namespaces of one client; the session calls, on its loop, in the order of the messages.
package protocol SocketIOBehaviour: AnyObject {
    /// The namespaces that a client may enter.
    var namespaces: Set<String> { get }

    /// The client has entered a namespace and has been told so; `auth` is what it said of itself.
    func joined(_ namespace: String, sid: String, auth: JSON?, in session: SocketIOSession)

    /// The client has sent an event.
    func received(_ event: SocketIOEvent, in session: SocketIOSession)

    /// The client has left a namespace, or its connection has ended; once for each
    /// ``joined(_:sid:auth:in:)``.
    ///
    /// `isClean`: by word, not because its connection was lost.
    func left(_ namespace: String, isClean: Bool, in session: SocketIOSession)

    /// The client's rooms or its transport are others than before.
    func changed(in session: SocketIOSession)

    /// Time has passed; called about ten times a second.
    func tick(in session: SocketIOSession)

    /// Whether the client is listed under this id, besides those of its namespaces.
    func isKnown(as id: String) -> Bool
}

extension SocketIOBehaviour {
    package func changed(in session: SocketIOSession) {}
    package func tick(in session: SocketIOSession) {}
    package func isKnown(as id: String) -> Bool { false }
}

/// An event that a client has sent.
package struct SocketIOEvent: Hashable, Sendable {
    package var namespace: String
    package var name: String
    package var arguments: SocketIOArguments
    /// The client waits for an acknowledgement under this id.
    package var id: Int?
}
