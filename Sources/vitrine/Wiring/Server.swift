import Logging

/// The server: store, journal, tasks, hub, and the HTTP side put together, run until a signal.
struct Server: Sendable {
    let configuration: ServerConfiguration
    /// Carries log lines to topic `log` once it is connected and its `run()` is among the services.
    let logRelay: LogRelay

    /// Runs until SIGTERM or SIGINT, and returns after an orderly end; throws when it cannot start.
    func run() async throws {
        throw WiringError("the server")
    }
}
