import Synchronization

extension RedisClient: PublishSubscribe {
    /// Listens to channels; both what is published and what is heard must get through for the state to be `true`.
    package func listen(
        _ channels: [String],
        onMessage: @escaping @Sendable (_ channel: String, _ message: [UInt8]) -> Void,
        onState: @escaping @Sendable (_ isConnected: Bool) -> Void
    ) {
        let ways = Ways(onState)
        self.onState { ways.set(\.isConnected, $0 == .connected) }
        ways.set(\.isConnected, currentState == .connected)
        _ = subscribe(channels, onMessage: onMessage, onState: { ways.set(\.isHeard, $0 == .connected) })
    }
}

/// Both connections, which come and go on threads of their own.
private final class Ways: Sendable {
    struct State {
        var isConnected = false
        var isHeard = false
        var told = false
    }

    private let state = Mutex(State())
    private let tell: @Sendable (Bool) -> Void

    init(_ tell: @escaping @Sendable (Bool) -> Void) {
        self.tell = tell
    }

    /// Tells of a change while nobody else can, so that the last word is the right one.
    func set(_ way: WritableKeyPath<State, Bool>, _ value: Bool) {
        state.withLock { state in
            state[keyPath: way] = value
            let whole = state.isConnected && state.isHeard
            guard whole != state.told else { return }
            state.told = whole
            tell(whole)
        }
    }
}
