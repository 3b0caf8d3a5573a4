extension WebSocketConnection {
    /// Starts the closing handshake (RFC 6455 §7.1.2) by writing a close frame.
    ///
    /// The reason is cut to 123 bytes at a scalar boundary. No code, or one that may not be sent, gives an
    /// empty close frame. Does nothing if the connection is not open. The driver ends the transport itself if
    /// the peer's close frame does not come in time.
    package func close<Sink: ByteSink>(_ code: CloseCode?, reason: String = "", output: inout Sink) {
        guard state == .open else { return }
        state = .closeSent
        closedByUs = true
        writeClose(code, reason, &output)
    }

    /// Must be called when the transport has ended; an end without closing handshake is told to the consumer.
    package func inputClosed<Consumer: WebSocketConsumer>(consumer: inout Consumer) {
        let wasReading = isReading
        guard state != .closed else { return }
        state = .closed
        releaseWhatIsIdle()
        deflater = nil
        if wasReading { consumer.closed(.abnormalClosure, "", by: .transport) }
    }

    /// Answers the peer's close frame, or takes it as the answer to ours (RFC 6455 §5.5.1).
    func closeArrived<Consumer: WebSocketConsumer, Sink: ByteSink>(
        _ payload: UnsafeRawBufferPointer,
        _ consumer: inout Consumer,
        _ output: inout Sink
    ) {
        let (code, reason) = ClosePayload.decode(payload)
        if state == .open { writeClose(code, "", &output) }
        state = .closing
        consumer.closed(code, reason, by: closedByUs ? .local : .peer)
    }

    /// Fails the connection (RFC 6455 §7.1.7): our close frame, then nothing more.
    func fail<Consumer: WebSocketConsumer, Sink: ByteSink>(
        _ failure: ProtocolFailure,
        _ consumer: inout Consumer,
        _ output: inout Sink
    ) {
        if state == .open { writeClose(failure.closeCode, failure.reason, &output) }
        state = .closing
        hasFailed = true
        consumer.closed(failure.closeCode, failure.reason, by: .failure(failure))
    }

    private func writeClose<Sink: ByteSink>(_ code: CloseCode?, _ reason: String, _ output: inout Sink) {
        ClosePayload.encode(code, reason).withUnsafeBytes { writeFrame(.close, $0, &output) }
    }
}
