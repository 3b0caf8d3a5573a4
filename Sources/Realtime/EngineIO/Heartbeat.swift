import Domain

/// When a session must be pinged and when it is dead (contracts/socketio.md §2, "Heartbeat").
///
/// Version 4: the server pings, the client answers. Version 3: the client must send something now and then.
struct Heartbeat: Hashable {
    /// What is to be done.
    enum Event: Hashable {
        case none
        case ping
        case dead
    }

    /// How much later than due a look may come without the client being given that time as well.
    static let tolerance: Milliseconds = 100

    private let version: EngineIOVersion
    private let interval: Milliseconds
    private let timeout: Milliseconds
    private var isWaiting = false
    private var due: Milliseconds

    init(version: EngineIOVersion, interval: Milliseconds, timeout: Milliseconds, now: Milliseconds) {
        self.version = version
        self.interval = interval
        self.timeout = timeout
        due = now
        heard(now)
    }

    /// The client has shown that it lives: with a pong in version 4, with any packet in version 3.
    mutating func heard(_ now: Milliseconds) {
        isWaiting = false
        due = now + (version == .v4 ? interval : interval + timeout)
    }

    /// Looks at the clock.
    ///
    /// Times count from when something was due, not from when it was noticed.
    mutating func check(_ now: Milliseconds) -> Event {
        guard now >= due else { return .none }
        guard version == .v4, !isWaiting else { return .dead }
        isWaiting = true
        due = max(due, now - Self.tolerance) + timeout
        return .ping
    }
}
