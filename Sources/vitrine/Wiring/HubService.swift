import Logging
import Realtime
import ServiceLifecycle

/// Says goodbye to every socket when the server stops.
struct HubService: Service {
    let hub: Hub
    /// Called before the sockets hear of the end.
    var prepare: @Sendable () -> Void = {}
    /// How long the clients may take to answer the goodbye.
    static let patience = Duration.seconds(3)

    func run() async throws {
        try? await gracefulShutdown()
        prepare()
        hub.shutDown()
        let end = ContinuousClock.now + Self.patience
        while hub.connectionCount > 0, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(10))
        }
        hub.abandon()
    }
}
