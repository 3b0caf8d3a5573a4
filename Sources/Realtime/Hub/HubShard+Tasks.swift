import Domain

extension HubShard {
    /// The tasks among `topics` that only the store can know.
    func tasksOffBoard(_ topics: [Topic]) -> [String] {
        let ids = topics.compactMap { topic in
            if case .task(let id) = topic { id } else { nil }
        }
        guard !ids.isEmpty else { return [] }
        return hub.journal.read { state in ids.filter { state.tasks.task($0) == nil } }
    }

    /// Asks the store for finished tasks and hands what it knows to the session, on the loop, if it is still there.
    func loadTasks(
        _ ids: [String],
        from tasks: any TaskCommands,
        for owner: any Session,
        _ body: @escaping @Sendable (any Session, [String: TaskState]) -> Void
    ) {
        let identity = ObjectIdentifier(owner)
        Task {
            var known: [String: TaskState] = [:]
            for id in ids { known[id] = try? await tasks.finishedTask(id) }
            let found = known
            reach(identity) { body($0, found) }
        }
    }
}
