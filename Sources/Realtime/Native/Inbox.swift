import DequeModule

/// A client's messages that have been read and wait to be done.
struct Inbox<Message> {
    /// More messages than this waiting, and the client is not read for a while.
    static var messagesLimit: Int { 256 }
    /// More bytes than this waiting, and the client is not read for a while.
    static var bytesLimit: Int { 1024 * 1024 }

    private var waiting: Deque<(message: Message, size: Int)> = []
    private var bytes = 0

    var isEmpty: Bool { waiting.isEmpty }

    /// Whether so much waits that the client is not to be read.
    var isFull: Bool { waiting.count >= Self.messagesLimit || bytes >= Self.bytesLimit }

    /// Adds a message that took `size` bytes.
    mutating func append(_ message: Message, size: Int) {
        waiting.append((message, size))
        bytes += size
    }

    /// What is next.
    var first: Message? { waiting.first?.message }

    mutating func popFirst() -> Message? {
        guard let (message, size) = waiting.popFirst() else { return nil }
        bytes -= size
        return message
    }

    mutating func removeAll() {
        waiting = []
        bytes = 0
    }
}
