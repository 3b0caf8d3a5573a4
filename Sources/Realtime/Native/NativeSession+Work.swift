import DequeModule
import Domain

/// The side of a session that runs tasks (contracts/realtime.md §6).
///
/// A worker's words go to the engine one after the other without waiting for its answers, which come in the same
/// order; whatever else it says waits until all its words are answered.
extension NativeSession {
    /// How many words may be on their way; more, and the worker is not read.
    private static let wordsLimit = 256

    /// A word on its way to the engine.
    struct SentWord {
        let id: JSON?
        let task: String
        let lease: String
        /// Whether it is answered without an `id` too.
        let isEnding: Bool
    }

    /// Whether a message may be done now, as far as the words on their way go.
    func mayFollowWords(_ incoming: Incoming?) -> Bool {
        guard !sentWords.isEmpty else { return true }
        guard case .message(let message, let id) = incoming else { return false }
        switch message {
        case .work: return sentWords.count < Self.wordsLimit
        case .heartbeat: return id == nil
        default: return false
        }
    }

    /// Begins to be offered tasks.
    func beginWork(_ hello: ClientMessage.Hello) {
        let worker = NativeWorker(of: self)
        self.worker = worker
        commands.join(
            WorkerProfile(
                client: record.id,
                executor: TaskRecord.Executor(kind: .peer, client: record.id, name: hello.name),
                capabilities: Set(hello.capabilities),
                slots: hello.slots
            ),
            worker
        )
    }

    /// Gives back what it holds; the connection is at its end.
    func endWork() {
        guard worker != nil else { return }
        worker = nil
        sentWords = []
        commands.leave(client: record.id)
    }

    private func needWorker() throws(ProtocolError) -> NativeWorker {
        try need(role.mayWork, "work")
        guard let worker else { throw ProtocolError(.notReady, "say hello as a worker first") }
        return worker
    }

    func heartbeat(id: JSON?) throws(ProtocolError) {
        _ = try needWorker()
        commands.heartbeat(client: record.id)
        answer(id)
    }

    func say(_ word: WorkerWord, task: String, lease: String, id: JSON?) throws(ProtocolError) {
        let worker = try needWorker()
        let isEnding =
            switch word {
            case .done, .fail: true
            default: false
            }
        sentWords.append(SentWord(id: id, task: task, lease: lease, isEnding: isEnding))
        commands.say(word, TaskTicket(task: task, lease: lease, client: record.id)) { worker.answered($0) }
    }

    /// Takes what the engine says, passes it on, and goes on with what waited for it.
    func hear(_ notices: [NativeWorker.Notice]) {
        guard worker != nil else { return }
        for notice in notices {
            switch notice {
            case .offered(let offer): subscriber.send(.offer(offer))
            case .cancelled(let ticket): subscriber.send(.cancel(ticket))
            case .statusChanged(let status): show(status)
            case .answered(let result):
                if let word = sentWords.popFirst() { answer(word, result) }
            }
        }
        process()
    }

    private func answer(_ word: SentWord, _ result: Result<Void, TaskError>) {
        switch result {
        case .success:
            guard word.isEnding || word.id != nil else { return }
            subscriber.send(
                ServerMessage("ok") {
                    $0.field("id", word.id)
                    $0.field("task", word.task)
                }
            )
        case .failure(let error):
            var failure = ProtocolError(error, task: word.task)
            failure.task = word.task
            failure.lease = word.lease
            guard case .leaseLost = error else { return refuse(failure, id: word.id) }
            // Leases end behind a worker's back: what it said before it heard of that is no fault of its own.
            subscriber.send(failure.answer(id: word.id))
        }
    }

    private func show(_ status: WorkerStatus) {
        guard var worker = record.worker else { return }
        worker.busy = status.busy
        worker.tasks = status.tasks
        worker.done = status.done
        worker.failed = status.failed
        worker.lastError = status.lastError
        record.worker = worker
        hub.journal.publish(.clientChanged(record))
    }
}

extension ServerMessage {
    /// A task for a worker.
    static func offer(_ offer: TaskOffer) -> ServerMessage {
        ServerMessage("task.offer") {
            $0.field("task", offer.record.id)
            $0.field("lease", offer.lease.secret)
            $0.field("name", offer.record.name)
            $0.field("params", offer.record.params)
            $0.field("attempt", offer.lease.attempt)
            $0.field("attempts", offer.record.attempts)
            $0.field("accept_within", offer.acceptWithin)
        }
    }

    /// The wish that a worker stop a task.
    static func cancel(_ ticket: TaskTicket) -> ServerMessage {
        ServerMessage("task.cancel") {
            $0.field("task", ticket.task)
            $0.field("lease", ticket.lease)
        }
    }
}
