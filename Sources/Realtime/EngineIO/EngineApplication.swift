package import Domain

/// What speaks on top of an Engine.IO session; confined to the loop of the session's shard.
package protocol EngineApplication: AnyObject {
    /// The session stands; comes first, once.
    ///
    /// The handshake packet is queued before anything that is written here.
    func opened(_ session: EngineSession)

    /// A text message.
    func received(text: String)

    /// A binary message.
    func received(binary: [UInt8])

    /// The session's link takes bytes again after it was not writable.
    func writable()

    /// The client has changed to WebSocket: from now on ``EngineSession/format`` is another.
    func formatChanged()

    /// Time has passed; called about ten times a second. `now` is monotonic.
    func tick(now: Milliseconds)

    /// The session has ended; comes last, once.
    func closed(_ reason: EngineIOCloseReason)

    /// The server stops: say goodbye and close the session.
    func shutDown()
}

extension EngineApplication {
    package func formatChanged() {}
    package func tick(now: Milliseconds) {}

    /// The session closes by itself when this has done nothing about it.
    package func shutDown() {}
}
