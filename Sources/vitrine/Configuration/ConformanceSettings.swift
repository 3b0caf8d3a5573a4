/// The table of everything that can be set about the conformance server.
enum ConformanceSettings {
    private static let hour = 3_600_000

    /// All of them, in the order of the documentation.
    static let all: [Setting<ConformanceConfiguration>] = [
        .number("port", \.port, in: 0...65_535, help: "The TCP port; 0 takes any free one"),
        .number("loops", \.loops, in: 1...64, help: "How many event loops serve the connections"),
        .milliseconds("ping-interval", \.pingInterval, in: 1...hour, help: "The time between two Engine.IO pings"),
        .milliseconds(
            "ping-timeout",
            \.pingTimeout,
            in: 1...hour,
            help: "How long an Engine.IO ping may go unanswered"
        ),
        .milliseconds(
            "connect-timeout",
            \.connectTimeout,
            in: 1...hour,
            help: "How long a client may take to connect to a Socket.IO namespace"
        ),
        .bytes("max-payload", \.maxPayload, in: 1_024...(1 << 30), help: "Size of one Engine.IO payload"),
        .bytes("max-message", \.maxMessage, in: 1_024...(1 << 30), help: "Size of one WebSocket message to be echoed"),
        .choice("log-level", \.logLevel, help: "The lowest level that is logged"),
        .choice("log-format", \.logFormat, help: "How a line of the log is written"),
    ]
}
