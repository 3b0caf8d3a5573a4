import Domain

/// What can be set about the server that conformance suites run against.
///
/// Times are milliseconds, sizes bytes.
struct ConformanceConfiguration: Hashable, Sendable {
    /// The address to listen on; loopback only.
    var host = "127.0.0.1"
    /// The TCP port; 0 takes any free one.
    var port = 9001
    /// How many event loops serve the connections.
    ///
    /// On one, requests of different connections are heard in the order in which they came, however busy the machine
    /// is; some cases of the suites are about two requests a few milliseconds apart.
    var loops = 1
    /// The time in milliseconds between two Engine.IO pings.
    var pingInterval: Milliseconds = 25_000
    /// How long in milliseconds an Engine.IO ping may go unanswered.
    var pingTimeout: Milliseconds = 20_000
    /// How long in milliseconds a client may take to connect to a Socket.IO namespace.
    var connectTimeout: Milliseconds = 45_000
    /// Bytes of one Engine.IO payload.
    var maxPayload = 1_000_000
    /// Bytes of one WebSocket message on the echo and fan-out paths; suites send up to 16 MiB.
    var maxMessage = 64 * 1_048_576
    /// The lowest level that is written to the log.
    var logLevel = ServerConfiguration().logLevel
    /// How a line of the log is written.
    var logFormat = LogFormat.text
}
