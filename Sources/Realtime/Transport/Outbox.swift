/// The bytes a session puts together for its link during one turn.
///
/// A reference, so that what answers a message in the middle of a received burst lands in order among the
/// connection's own replies.
final class Outbox: ByteSink {
    private var bytes = Bytes()

    /// Whether there is nothing to write.
    var isEmpty: Bool { bytes.isEmpty }

    func write(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.write(bytes)
    }

    func write(byte: UInt8) {
        bytes.write(byte: byte)
    }

    func reserve(_ count: Int) {
        bytes.reserve(count)
    }

    /// Hands everything to the link in one write; returns how many bytes.
    @discardableResult
    func flush(to link: any Link) -> Int {
        let count = bytes.count
        guard count > 0 else { return 0 }
        link.write(bytes)
        // What the link still holds is shared; a fresh buffer is cheaper than one that is kept grown for idle sockets.
        if count > 16 * 1024 { bytes = Bytes() } else { bytes.removeAll() }
        return count
    }
}
