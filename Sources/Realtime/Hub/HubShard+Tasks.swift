import Domain

extension HubShard {
    /// The tasks among `topics` that only the store can know, without those in `known`.
    func tasksOffBoard(_ topics: [Topic], except known: [String: TaskState]) -> [String] {
        let ids = topics.compactMap { topic in
            if case .task(let id) = topic, known[id] == nil { id } else { nil }
        }
        guard !ids.isEmpty else { return [] }
        return hub.journal.read { state in ids.filter { state.tasks.task($0) == nil } }
    }

    /// Asks the store for finished tasks and hands what is known then to the client, on the loop, if it is still
    /// there.
    ///
    /// A task that the store does not know either is known to be none.
    func load(
        _ ids: [String],
        for client: any HubClient,
        known: [String: TaskState],
        _ body: @escaping @Sendable (any HubClient, [String: TaskState]) -> Void
    ) {
        let tasks = client.tasks
        let ticket = ticket(of: client)
        Task {
            var known = known
            for id in ids { known[id] = (try? await tasks.finishedTask(id)) ?? TaskState(task: nil, log: []) }
            let found = known
            reach(ticket) { if let client = $0 as? any HubClient { body(client, found) } }
        }
    }

    /// Looks up what only the store can know about `topics`, then goes on: at once when there is nothing to look up.
    ///
    /// While the store answers, tasks may leave the board, so it looks again until nothing is missing. Returns whether
    /// `body` has run already.
    @discardableResult
    func withTasks(
        of topics: [Topic],
        for client: any HubClient,
        known: [String: TaskState] = [:],
        _ body: @escaping @Sendable (any HubClient, [String: TaskState]) -> Void
    ) -> Bool {
        let missing = tasksOffBoard(topics, except: known)
        guard !missing.isEmpty else {
            body(client, known)
            return true
        }
        load(missing, for: client, known: known) { [self] client, known in
            withTasks(of: topics, for: client, known: known, body)
        }
        return false
    }
}
