import Domain

extension NativeSession {
    /// Does what a message asks for, and answers it when it has an `id` or is always answered.
    func perform(_ message: ClientMessage, id: JSON?) {
        do throws(ProtocolError) {
            switch message {
            case .subscribe(let topics, let since): try subscribe(topics, since: since, id: id)
            case .unsubscribe(let topics):
                subscriber.remove(topics)
                topicsChanged()
                answer(id)
            case .ping:
                subscriber.send(
                    ServerMessage("pong") {
                        $0.field("id", id)
                        $0.field("at", hub.clock.now)
                    }
                )
            case .hello(let hello): try greet(hello, id: id)
            case .publish(let app, let data, let key): try publish(app, data, key, id: id)
            case .runTask(let request): try run(request, id: id)
            case .cancelTask(let task): try cancel(task, id: id)
            case .work(let task, let lease, let word): try say(word, task: task, lease: lease, id: id)
            case .heartbeat: try heartbeat(id: id)
            }
        } catch {
            refuse(error, id: id)
        }
    }

    func answer(_ id: JSON?, _ fields: (inout JSONWriter) -> Void = { _ in }) {
        guard let id else { return }
        subscriber.send(
            ServerMessage("ok") {
                $0.field("id", id)
                fields(&$0)
            }
        )
    }

    func need(_ isAllowed: Bool, _ what: String) throws(ProtocolError) {
        guard isAllowed else { throw ProtocolError(.forbidden, "the role \(role.rawValue) may not \(what)") }
    }

    // MARK: - Subscriptions

    private func subscribe(_ topics: [Topic], since: ResumePoint?, id: JSON?) throws(ProtocolError) {
        if topics.contains(.log), !role.mayOperate {
            throw ProtocolError(.forbidden, "the role \(role.rawValue) may not read the log", topic: "log")
        }
        let limit = hub.configuration.maxSubscriptions
        guard Set(topics).union(subscriber.topics).count <= limit else {
            throw ProtocolError(.limitSubscriptions, "more than \(limit) topics")
        }
        let isDone = shard.withTasks(of: topics, for: self) { client, known in
            guard let session = client as? NativeSession else { return }
            session.finish(topics, since: since, id: id, known: known)
            guard session.isBusy else { return }
            session.isBusy = false
            session.process()
        }
        isBusy = !isDone
    }

    private func finish(_ topics: [Topic], since: ResumePoint?, id: JSON?, known: [String: TaskState]) {
        shard.subscribe(subscriber, to: topics, since: since, id: id, known: known)
        topicsChanged()
    }

    private func topicsChanged() {
        guard subscriber.isOpen else { return }
        let names = subscriber.topics.map(\.name)
        guard names != record.topics else { return }
        record.topics = names
        hub.journal.publish(.clientChanged(record))
    }

    // MARK: - Presence

    private func greet(_ hello: ClientMessage.Hello, id: JSON?) throws(ProtocolError) {
        guard !hasSaidHello else { throw ProtocolError(.conflict, "hello has been said on this connection") }
        if hello.kind == .worker { try need(role.mayWork, "work") }
        hasSaidHello = true
        record.kind = hello.kind
        record.name = hello.name
        if hello.kind == .worker {
            record.worker = ClientRecord.Worker(capabilities: hello.capabilities, slots: hello.slots)
            raiseMessageLimit()
        }
        hub.journal.publish(.clientChanged(record))
        subscriber.send(
            ServerMessage("ready") {
                $0.field("id", id)
                $0.field("client", record.id)
                $0.field("lease", hub.configuration.lease)
            }
        )
        if hello.kind == .worker { beginWork(hello) }
    }

    private func publish(_ app: String, _ data: JSON, _ key: String?, id: JSON?) throws(ProtocolError) {
        try need(role.mayPublish, "publish")
        guard hasSaidHello else { throw ProtocolError(.notReady, "say hello before publishing") }
        let offset = hub.journal.publish(.appMessage(name: app, from: record.id, data: data, key: key))
        answer(id) { $0.field("offset", offset) }
    }

    // MARK: - Tasks

    private func run(_ request: TaskRequest, id: JSON?) throws(ProtocolError) {
        try need(role.mayOperate, "run tasks")
        let tasks = commands
        wait(id, task: request.id) {
            let task = try await tasks.submit(request)
            return { session in
                session.answer(id) {
                    $0.field("task", task.id)
                    $0.name("info")
                    $0.value(task)
                }
            }
        }
    }

    private func cancel(_ task: String, id: JSON?) throws(ProtocolError) {
        try need(role.mayOperate, "cancel tasks")
        let tasks = commands
        wait(id, task: task) {
            try await tasks.cancel(task)
            return { session in session.answer(id) { $0.field("task", task) } }
        }
    }

    /// Does something outside the loop and goes on with the messages when it is done.
    private func wait(
        _ id: JSON?,
        task: String?,
        _ operation: @escaping @Sendable () async throws -> @Sendable (NativeSession) -> Void
    ) {
        isBusy = true
        let shard = self.shard
        let ticket = shard.ticket(of: self)
        Task {
            let finish: @Sendable (NativeSession) -> Void
            do {
                finish = try await operation()
            } catch {
                let failure = ProtocolError(error, task: task)
                finish = { $0.refuse(failure, id: id) }
            }
            shard.reach(ticket) { session in
                guard let session = session as? NativeSession else { return }
                session.isBusy = false
                finish(session)
                session.process()
            }
        }
    }
}

extension ProtocolError {
    /// What the task engine refused, in the protocol's words.
    init(_ error: any Error, task: String?) {
        guard let error = error as? TaskError else {
            self.init(.internal, "the server could not do this", task: task)
            return
        }
        switch error {
        case .unknownTask: self.init(.unknownTask, "there is no such task", task: task)
        case .conflict: self.init(.conflict, "another task has this id", task: task)
        case .limitTasks: self.init(.limitTasks, "too many tasks wait")
        case .badParams(let failure): self.init(.badMessage, failure.message, field: "params")
        case .shuttingDown: self.init(.shuttingDown, "the server stops")
        case .serverAway: self.init(.unavailable, "the server of this task is away", task: task)
        case .resultTooLarge:
            self.init(.tooLarge, "a result over 16 MiB is uploaded before task.done", task: task)
        case .leaseLost: self.init(.leaseLost, "this lease has ended", task: task)
        case .internal: self.init(.internal, "the server could not do this", task: task)
        }
    }
}
