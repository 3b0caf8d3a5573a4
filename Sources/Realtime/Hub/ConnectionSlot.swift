/// One of the connections that the hub admits at once; free again when it is given up.
///
/// Whatever becomes of a connection between its request and its session, the slot goes with it.
package final class ConnectionSlot: Sendable {
    private let hub: Hub

    init(of hub: Hub) {
        self.hub = hub
        hub.count(1)
    }

    deinit {
        hub.count(-1)
    }
}
