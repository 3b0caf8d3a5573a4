import Domain

/// Sends every Engine.IO message back as it came, text as text and binary as binary.
package final class EngineEcho: EngineApplication {
    private let session: EngineSession

    /// The echo for one session.
    package init(_ session: EngineSession) {
        self.session = session
    }

    package func opened(_ session: EngineSession) {}

    package func received(text: String) {
        session.send(text: text)
        sent()
    }

    package func received(binary: [UInt8]) {
        session.send(binary: binary)
        sent()
    }

    private func sent() {
        session.link.flush()
        if !session.link.isWritable { session.link.isReading = false }
    }

    package func writable() {
        session.link.isReading = true
    }

    package func closed(_ reason: EngineIOCloseReason) {}
}
