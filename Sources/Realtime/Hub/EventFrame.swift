import Domain
import Synchronization

/// One event, encoded once in each form that somebody needs, shared by all who get it.
final class EventFrame: Sendable {
    let offset: Int
    let topics: [Topic]
    /// A newer event of the same key may take this one's place (G6); `nil`: it is never left out (G5).
    let conflationKey: String?
    /// What it counts for in bounded queues: the bytes of its JSON.
    let size: Int
    /// The Socket.IO ids of those who do not get it.
    let skipping: Set<String>
    private let type: String
    private let epoch: String
    private let roomEvent: RoomEvent
    private let plain: Bytes
    private let others = Mutex<[WireFormat: Bytes]>([:])

    init(_ entry: Journal.Entry, epoch: String) {
        offset = entry.offset
        topics = entry.event.topics
        conflationKey = entry.event.conflationKey
        type = entry.event.type
        roomEvent = RoomEvent(entry.event)
        skipping = roomEvent.skipping
        self.epoch = epoch
        let json = EventEncoder.encode(entry)
        size = json.count
        plain = MessageEncoder.webSocket(json)
    }

    /// Lends the event's JSON: what follows the header of the plain frame.
    private func withJSON<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        plain.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0.suffix(size))) }
    }

    /// Whether it is a message that no state tells of, so that one who has lost it cannot be told again.
    var isMessage: Bool {
        guard case .message(let message) = roomEvent else { return false }
        return !message.isAboutTasks || !RelayBoard.events.contains(message.event)
    }

    /// Whether there is anything to tell in this format.
    func isVisible(in format: WireFormat) -> Bool {
        if case .nothing = roomEvent, format.isEngineIO { false } else { true }
    }

    /// The event in `format`; `contexts` are those of the calling loop.
    func bytes(_ format: WireFormat, contexts: DeflateContexts) -> Bytes {
        if format == .webSocket { return plain }
        return others.withLock { others in
            if let known = others[format] { return known }
            let made = encoded(format, contexts)
            others[format] = made
            return made
        }
    }

    private func encoded(_ format: WireFormat, _ contexts: DeflateContexts) -> Bytes {
        switch format {
        case .webSocket: plain
        case .webSocketDeflate(let windowBits):
            withJSON { MessageEncoder.deflated($0, windowBits: windowBits, contexts: contexts) } ?? plain
        case .eventStream: withJSON { MessageEncoder.eventStream(type, json: $0, id: "\(epoch):\(offset)") }
        case .engineIOPolling, .engineIOWebSocket:
            withJSON { RoomEventEncoder.bytes(roomEvent, native: $0, format: format) }
        }
    }
}
