import Domain

/// The task engine's way to the session of a worker, and back to the session's loop.
final class NativeWorker: TaskWorker {
    /// Something that the engine says to the session.
    enum Notice: Sendable {
        case offered(TaskOffer)
        case cancelled(TaskTicket)
        case statusChanged(WorkerStatus)
        /// The oldest word without an answer counted, or not.
        case answered(Result<Void, TaskError>)
    }

    private let mailbox: Mailbox<Notice>
    private let shard: HubShard
    private let session: HubShard.Ticket

    init(of session: NativeSession) {
        shard = session.shard
        self.session = session.shard.ticket(of: session)
        mailbox = Mailbox(loop: session.shard.loop)
    }

    func offered(_ offer: TaskOffer) { post(.offered(offer)) }

    func cancelled(_ ticket: TaskTicket) { post(.cancelled(ticket)) }

    func statusChanged(_ status: WorkerStatus) { post(.statusChanged(status)) }

    func answered(_ result: Result<Void, TaskError>) { post(.answered(result)) }

    private func post(_ notice: Notice) {
        mailbox.post(notice) { [self] in
            let notices = mailbox.takeAll()
            if let session = shard.member(session) as? NativeSession { session.hear(notices) }
        }
    }
}
