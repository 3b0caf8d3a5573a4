/// The revision of the Engine.IO protocol that a client speaks, as in its query parameter `EIO`.
package enum EngineIOVersion: Int, Hashable, Sendable {
    /// Carries Socket.IO protocol 4 (JavaScript clients 1 and 2, python-socketio up to 4).
    case v3 = 3
    /// Carries Socket.IO protocol 5 (JavaScript clients 3 and later, python-socketio 5).
    case v4 = 4
}
