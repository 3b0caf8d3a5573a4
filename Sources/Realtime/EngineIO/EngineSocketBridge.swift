import Domain
import Synchronization

/// Joins a WebSocket on one loop to its session on another: packets and bytes go over in bursts, in order, and a side
/// that does not keep up is felt by the other.
///
/// For the session it is the socket, for the socket it is the session.
/// `@unchecked Sendable`: the properties of each side are touched on that side's loop only, `unhandled` and the
/// mailboxes are safe by themselves.
final class EngineSocketBridge: @unchecked Sendable {
    private enum Command: Sendable {
        case write([Bytes], count: Int)
        case read(Bool)
        /// The session has handled enough of what was received.
        case resume
        case hold(ConnectionSlot)
        case close
        case abort
    }

    private enum Notice: Sendable {
        case attached
        case received(EngineIOPacket?, size: Int)
        /// The socket has taken so many bytes and takes more.
        case taken(Int)
        case closed
    }

    /// The bytes that may be on their way in one direction.
    static let limit = 128 * 1024

    let address: String
    private let commands: Mailbox<Command>
    private let notices: Mailbox<Notice>
    /// The bytes of packets that the session has not handled.
    private let unhandled = Atomic<Int>(0)

    // The session's side.
    private var session: EngineSession?
    private var isOpen = true
    private var written: [Bytes] = []
    /// The bytes that were written and not taken by the socket.
    private var underWay = 0
    private var mayRead = true

    // The socket's side.
    private var socket: EngineSocket?
    private var untaken = 0
    private var isHeldUp = false
    private var isWanted = true

    /// A bridge between `socket`, which is on the loop of `shard`, and `session`; made on the socket's loop.
    init(socket: EngineSocket, on shard: HubShard, session: EngineSession) {
        self.socket = socket
        self.session = session
        address = socket.address
        commands = Mailbox(loop: shard.loop)
        notices = Mailbox(loop: session.shard.loop)
    }

    private func post(_ command: Command) {
        commands.post(command) { [self] in obey() }
    }

    private func post(_ notice: Notice) {
        notices.post(notice) { [self] in hear() }
    }

    // MARK: - On the socket's loop

    /// Tells the session of the socket.
    func attach() {
        post(.attached)
    }

    private func obey() {
        for command in commands.takeAll() {
            guard let socket else { return }
            switch command {
            case .write(let pieces, let count):
                for bytes in pieces { socket.write(bytes) }
                untaken += count
            case .read(let isWanted):
                self.isWanted = isWanted
                setReading()
            case .resume:
                isHeldUp = false
                setReading()
            case .hold(let slot): socket.hold(slot)
            case .close: socket.close()
            case .abort: socket.abort()
            }
        }
        socket?.flush()
        reportTaken()
    }

    private func setReading() {
        socket?.isReading = isWanted && !isHeldUp
    }

    /// Tells what was taken in large steps; before that it cannot be what the session waits for.
    private func reportTaken() {
        guard untaken >= Self.limit / 2, let socket, socket.isWritable else { return }
        post(.taken(untaken))
        untaken = 0
    }

    // MARK: - On the session's loop

    private func hear() {
        var handled = 0
        for notice in notices.takeAll() {
            switch notice {
            case .attached: session?.attach(self)
            case .received(let packet, let size):
                session?.received(packet, from: self)
                handled += size
            case .taken(let count):
                let wasWritable = isWritable
                underWay -= count
                if !wasWritable, isWritable { session?.writable(self) }
            case .closed:
                isOpen = false
                let session = self.session
                self.session = nil
                session?.closed(self)
            }
        }
        guard handled > 0 else { return }
        let before = unhandled.subtract(handled, ordering: .sequentiallyConsistent).oldValue
        if before > Self.limit, before - handled <= Self.limit { post(.resume) }
    }
}

extension EngineSocketBridge: EngineSocketOwner {
    func received(_ packet: EngineIOPacket?, from socket: any Link) {
        let size = 64 + (packet?.size ?? 0)
        let total = unhandled.add(size, ordering: .sequentiallyConsistent).newValue
        post(.received(packet, size: size))
        guard total > Self.limit, !isHeldUp else { return }
        isHeldUp = true
        setReading()
    }

    func writable(_ socket: any Link) {
        reportTaken()
    }

    func closed(_ socket: any Link) {
        self.socket = nil
        post(.closed)
    }
}

extension EngineSocketBridge: EngineWebSocket {
    var isWritable: Bool { isOpen && underWay < Self.limit }

    func write(_ bytes: Bytes) {
        guard isOpen else { return }
        written.append(bytes)
        underWay += bytes.count
    }

    func flush() {
        guard !written.isEmpty else { return }
        post(.write(written, count: written.reduce(0) { $0 + $1.count }))
        written = []
    }

    var isReading: Bool {
        get { mayRead }
        set {
            guard newValue != mayRead else { return }
            mayRead = newValue
            post(.read(newValue))
        }
    }

    func close() {
        flush()
        post(.close)
    }

    func abort() {
        post(.abort)
    }

    func hold(_ slot: ConnectionSlot) {
        post(.hold(slot))
    }
}

extension EngineIOPacket {
    /// The bytes of its data.
    var size: Int {
        switch self {
        case .open(let data), .ping(let data), .pong(let data), .message(let data): data.utf8.count
        case .binary(let data): data.count
        case .close, .upgrade, .noop: 0
        }
    }
}
