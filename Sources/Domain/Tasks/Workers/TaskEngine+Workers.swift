extension TaskEngine: TaskExecutors {
    /// Something that a worker said or that became of it.
    enum WorkerMessage: Sendable {
        case join(WorkerProfile, any TaskWorker)
        case leave(client: String)
        /// The result of `done` stands encoded.
        case say(Word, TaskTicket, Answer?)
        case explain(client: String, waiting: String?)
        case heartbeat(client: String)
        case release(TaskTicket, RequeueReason)
        case report(Report)
    }

    /// Who is told whether a word counted.
    typealias Answer = @Sendable (Result<Void, TaskError>) -> Void

    /// A ``WorkerWord`` made ready for the queue.
    enum Word: Sendable {
        case accept
        case reject(String?)
        case progress(TaskRecord.Progress)
        case log(LogLevel, String)
        case done(Result<TaskResult, TaskRecord.Failure>?)
        case fail(TaskRecord.Failure, retry: Bool)
    }

    package func join(_ profile: WorkerProfile, _ worker: any TaskWorker) { post(.worker(.join(profile, worker))) }

    package func leave(client: String) { post(.worker(.leave(client: client))) }

    package func explain(client: String, waiting: String?) {
        post(.worker(.explain(client: client, waiting: waiting)))
    }

    package func say(
        _ word: WorkerWord,
        _ ticket: TaskTicket,
        then: (@Sendable (Result<Void, TaskError>) -> Void)? = nil
    ) {
        // Large results are encoded here, not on the queue on which everyone waits.
        post(.worker(.say(Word(word), ticket, then)))
    }

    package func heartbeat(client: String) { post(.worker(.heartbeat(client: client))) }

    package func release(_ ticket: TaskTicket, reason: RequeueReason) { post(.worker(.release(ticket, reason))) }

    /// Takes back what workers hold, as `shutdown`, and offers them nothing more.
    ///
    /// To be called before their connections are closed, which would cost each task an attempt.
    package func retireWorkers() { post(.retire) }
}

extension TaskEngine.Word {
    init(_ word: WorkerWord) {
        switch word {
        case .accept: self = .accept
        case .reject(let reason): self = .reject(reason)
        case .progress(let progress): self = .progress(progress)
        case .log(let level, let message): self = .log(level, message)
        case .done(let result):
            self = .done(
                result.map { value in
                    do throws(TaskRecord.Failure) {
                        return .success(try TaskResult(value))
                    } catch {
                        return .failure(error)
                    }
                }
            )
        case .fail(let failure, let retry): self = .fail(failure, retry: retry)
        }
    }
}
