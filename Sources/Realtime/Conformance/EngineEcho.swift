import Domain

/// Sends every Engine.IO message back as it came, text as text and binary as binary.
package final class EngineEcho: EngineApplication {
    /// The bytes that may wait for a client; past them it is not read.
    ///
    /// A client that polls waits for the answer to its post before it polls, so a full answer is no reason yet.
    private static let limit = 1 << 20

    private let session: EngineSession
    private var waiting = 0

    /// The echo for one session.
    package init(_ session: EngineSession) {
        self.session = session
    }

    package func opened(_ session: EngineSession) {}

    package func received(text: String) {
        session.send(text: text)
        sent(text.utf8.count)
    }

    package func received(binary: [UInt8]) {
        session.send(binary: binary)
        sent(binary.count)
    }

    private func sent(_ count: Int) {
        session.link.flush()
        waiting = session.link.isWritable ? 0 : waiting + count
        if waiting > Self.limit { session.link.isReading = false }
    }

    package func writable() {
        waiting = 0
        session.link.isReading = true
    }

    package func closed(_ reason: EngineIOCloseReason) {}
}
