/// Reaches single connected clients.
package protocol ClientMessenger: Sendable {
    /// Sends the VFrame event `task` with this payload to one client; returns whether there is such a client.
    func send(event: JSON, toClient id: String) -> Bool
}
