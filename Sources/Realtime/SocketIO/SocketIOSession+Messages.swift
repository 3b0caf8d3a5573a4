import Domain

extension SocketIOSession {
    /// More answers than this unread, in bytes, and the client is not read either (contracts/realtime.md §3, G7).
    private static let unreadLimit = 256 * 1024

    /// Whether so many answers are unread that the client is not heard either.
    private var isUnread: Bool { subscriber.unreadAnswers >= Self.unreadLimit }

    /// Takes a message in, and does it at once unless it must wait.
    func receive(_ incoming: SocketIOIncoming) {
        guard engine != nil else { return }
        inbox.append(incoming, size: incoming.size)
        process()
    }

    /// Does what the waiting messages ask for, until one must wait, and brings the link up to date.
    func process() {
        guard !shard.isDraining else { return shard.postpone(self) }
        advance()
        guard let link = engine?.link else { return }
        link.flush()
        let mayRead = !inbox.isFull && !isUnread
        if link.isReading != mayRead { link.isReading = mayRead }
    }

    private func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while engine != nil, !isBusy, !isUnread, !inbox.isEmpty {
            isThrottled = !limiter.take(shard.loop.now)
            guard !isThrottled, let incoming = inbox.popFirst() else { return }
            take(incoming)
        }
    }

    /// Does what one message asks for.
    func take(_ incoming: SocketIOIncoming) {
        switch incoming {
        case .text(let text): perform(connection.receive(text: text))
        case .binary(let bytes): perform(connection.receive(binary: bytes))
        }
    }

    // MARK: - For behaviours

    /// Sends an event to the client, which must be in the namespace.
    ///
    /// `acknowledged` is called with what it answers, if it does.
    package func emit(
        _ name: String,
        _ arguments: SocketIOArguments,
        in namespace: String = SocketIOPacket.mainNamespace,
        acknowledged: ((SocketIOArguments) -> Void)? = nil
    ) {
        guard connection.isIn(namespace) else { return }
        let id = acknowledged.map { acknowledgements.await(in: namespace, $0) }
        send(SocketIOPacket(.event(name: name, arguments, id: id), namespace: namespace))
    }

    /// Answers an event whose sender waits for that.
    package func acknowledge(_ id: Int, _ arguments: SocketIOArguments, in namespace: String) {
        guard connection.isIn(namespace) else { return }
        send(SocketIOPacket(.acknowledgement(id: id, arguments), namespace: namespace))
    }
}
