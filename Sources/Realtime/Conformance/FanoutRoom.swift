/// One loop's part of a fan-out path.
///
/// `@unchecked Sendable`: `members` is touched on the shard's loop only; the mailbox is safe by itself.
final class FanoutRoom: @unchecked Sendable {
    /// An encoded frame and who sent it.
    struct Message: Sendable {
        var frame: Bytes
        var sender: ObjectIdentifier
    }

    let shard: HubShard
    private let mailbox: Mailbox<Message>
    private var members: [ObjectIdentifier: FanoutSession] = [:]

    init(shard: HubShard) {
        self.shard = shard
        mailbox = Mailbox(loop: shard.loop)
    }

    func join(_ session: FanoutSession) {
        members[ObjectIdentifier(session)] = session
    }

    func leave(_ session: FanoutSession) {
        members[ObjectIdentifier(session)] = nil
    }

    /// Hands a message to the room's loop; from any thread.
    func post(_ message: Message) {
        mailbox.post(message) { [self] in deliver() }
    }

    /// One shared run of bytes for all who sent nothing in the burst, and each sender's own without its messages.
    private func deliver() {
        let messages = mailbox.takeAll()
        let senders = Set(messages.map(\.sender))
        let shared = Self.join(messages)
        for (id, member) in Array(members) {
            member.deliver(senders.contains(id) ? Self.join(messages.filter { $0.sender != id }) : shared)
        }
    }

    private static func join(_ messages: [Message]) -> Bytes {
        guard messages.count != 1 else { return messages[0].frame }
        var bytes = Bytes(capacity: messages.reduce(0) { $0 + $1.frame.count })
        for message in messages { bytes.append(message.frame) }
        return bytes
    }
}
