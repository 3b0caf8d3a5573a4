import Domain

extension NativeSession {
    /// More answers than this unread, in bytes, and the client is not read either (G7).
    private static let unreadLimit = 256 * 1024

    /// Whether so many answers are unread that the client is not heard either.
    var isUnread: Bool { unreadControl + subscriber.unreadAnswers >= Self.unreadLimit }

    /// Takes a message in, and does it at once unless it must wait.
    func receive(_ incoming: Incoming, size: Int) {
        inbox.append(incoming, size: size)
        advance()
    }

    /// Does what the waiting messages ask for, until one must wait, and brings the link up to date.
    func process() {
        guard !shard.isDraining else { return shard.postpone(self) }
        advance()
        link?.flush()
        if connection.shouldCloseTransport, inbox.isEmpty, !isBusy { link?.close() }
        link?.isReading = !inbox.isFull && !isUnread
    }

    private var mayAdvance: Bool {
        !isBusy && !isUnread && !shard.isDraining && link != nil && (connection.state == .open || hasPeerEnded)
    }

    private func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while mayAdvance, !inbox.isEmpty, mayFollowWords(inbox.first) {
            guard limiter.take(shard.loop.now) else { return noteRate() }
            isThrottled = false
            switch inbox.popFirst() {
            case .message(let message, let id): perform(message, id: id)
            case .failure(let error, let id): refuse(error, id: id)
            case nil: return
            }
        }
    }

    private func noteRate() {
        isThrottled = true
        let now = shard.loop.now
        guard rateNoticeAt.map({ now - $0 >= 10_000 }) ?? true else { return }
        rateNoticeAt = now
        subscriber.send(ProtocolError(.rateLimited, "too many messages a second; they are read slower").answer(id: nil))
    }

    /// Answers with an error; too many of them close the connection.
    func refuse(_ error: ProtocolError, id: JSON?) {
        subscriber.send(error.answer(id: id))
        if !errors.spend(shard.loop.now) { close(.policyViolation, "too many errors") }
    }

    /// Lets a worker send results of up to 17 MiB.
    func raiseMessageLimit() {
        connection.setMessageLimit(
            soft: max(HubConfiguration.workerMessage, hub.configuration.maxMessage),
            hard: max(HubConfiguration.hardMessage, hub.configuration.maxMessage)
        )
    }
}
