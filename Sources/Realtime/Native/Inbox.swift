import DequeModule

/// A client's messages that have been read and wait to be done.
struct Inbox {
    /// More messages than this waiting, and the client is not read for a while.
    static let messagesLimit = 256
    /// More bytes than this waiting, and the client is not read for a while.
    static let bytesLimit = 1024 * 1024

    private var waiting: Deque<(incoming: Incoming, size: Int)> = []
    private var bytes = 0

    var isEmpty: Bool { waiting.isEmpty }

    /// Whether so much waits that the client is not to be read.
    var isFull: Bool { waiting.count >= Self.messagesLimit || bytes >= Self.bytesLimit }

    /// Adds a message that took `size` bytes.
    mutating func append(_ incoming: Incoming, size: Int) {
        waiting.append((incoming, size))
        bytes += size
    }

    /// What is next.
    var first: Incoming? { waiting.first?.incoming }

    mutating func popFirst() -> Incoming? {
        guard let (incoming, size) = waiting.popFirst() else { return nil }
        bytes -= size
        return incoming
    }

    mutating func removeAll() {
        waiting = []
        bytes = 0
    }
}
