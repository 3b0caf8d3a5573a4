@testable import Realtime

/// A link that keeps what is written and takes as much as a test allows.
final class RecordingLink: Link {
    let address: String
    /// What the driver holds before it is not writable; it empties when a test says so, or at each flush.
    var capacity = Int.max
    /// Whether a flush takes everything, as a reader does that keeps up.
    var isDrainedByFlush = true
    var isReading = true
    private(set) var isClosed = false
    private(set) var writes = 0
    private(set) var flushes = 0
    /// What was written and not taken by ``take()``.
    private(set) var pieces: [Bytes] = []
    private(set) var held = 0
    weak var session: (any ShardMember)?
    /// Runs at each flush, before the session hears that it may write.
    var onFlush: (() -> Void)?
    /// Runs at each write.
    var onWrite: (() -> Void)?
    private var isFlushing = false

    init(address: String = "192.0.2.7") {
        self.address = address
    }

    var isWritable: Bool { !isClosed && held < capacity }

    func write(_ bytes: Bytes) {
        guard !isClosed else { return }
        pieces.append(bytes)
        held += bytes.count
        writes += 1
        onWrite?()
    }

    func flush() {
        guard !isClosed else { return }
        flushes += 1
        guard !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        onFlush?()
        if isDrainedByFlush { drain() }
    }

    /// The socket takes what the driver holds; the session hears of it as from NIO: in the middle of what it does.
    func drain() {
        let wasWritable = isWritable
        held = 0
        if !wasWritable, isWritable { session?.writable() }
    }

    /// Lets nothing more through until ``release()``.
    func stall() {
        capacity = 0
        isDrainedByFlush = false
    }

    /// Lets everything through again.
    func release() {
        capacity = .max
        isDrainedByFlush = true
        held = 0
        session?.writable()
    }

    func abort() {
        close()
    }

    func close() {
        isClosed = true
    }

    /// The bytes written since the last call.
    func take() -> [UInt8] {
        defer { pieces = [] }
        return pieces.flatMap { piece in piece.withUnsafeBytes { Array($0) } }
    }
}
