import OrderedCollections

/// What is to be done when a client acknowledges the events that asked for it; ids count up from 0 in each namespace.
struct SocketIOAcknowledgements {
    /// How many may be waited for in a namespace; past it the oldest is given up.
    static let limit = 1_000

    private var waiting: [String: OrderedDictionary<Int, (SocketIOArguments) -> Void>] = [:]
    private var nextID: [String: Int] = [:]

    /// Waits for an acknowledgement; returns the id for the event.
    mutating func await(in namespace: String, _ body: @escaping (SocketIOArguments) -> Void) -> Int {
        let id = nextID[namespace, default: 0]
        nextID[namespace] = id + 1
        waiting[namespace, default: [:]][id] = body
        if let count = waiting[namespace]?.count, count > Self.limit { waiting[namespace]?.removeFirst() }
        return id
    }

    /// What waits for this acknowledgement, once; `nil` when nothing does.
    mutating func take(_ id: Int, in namespace: String) -> ((SocketIOArguments) -> Void)? {
        waiting[namespace]?.removeValue(forKey: id)
    }

    /// Gives up all of a namespace; a client that comes back begins anew.
    mutating func forget(_ namespace: String) {
        waiting[namespace] = nil
        nextID[namespace] = nil
    }
}
