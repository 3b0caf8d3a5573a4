import OrderedCollections

extension TaskRecord {
    /// Reads a task in its native shape (contracts/realtime.md §5, **task**), as another server wrote it.
    ///
    /// `nil` when it is none: an id that is no id, a field missing or of a wrong type, a number that makes no sense.
    package init?(_ json: JSON) {
        guard let id = json["uuid"]?.string, Identifier.isValid(id), let name = json["name"]?.string,
            let params = json["params"], case .object = params,
            let state = json["state"]?.string.flatMap(State.init(rawValue:)),
            let priority = json["priority"]?.int, let attempt = json["attempt"]?.int, attempt >= 0,
            let attempts = json["attempts"]?.int, attempts > 0, let created = json["created"]?.int
        else { return nil }
        self.init(
            id: id,
            name: name,
            params: params,
            priority: min(100, max(-100, priority)),
            attempts: attempts,
            requires: json["requires"]?.array?.compactMap(\.string) ?? [],
            created: created
        )
        self.state = state
        self.attempt = attempt
        progress = json["progress"].flatMap(Progress.init)
        executor = json["executor"].flatMap(Executor.init)
        waiting = json["waiting"]?.string
        resultSize = json["result_size"]?.int
        // A result of `null` is one too; only then the member is there.
        if resultSize == nil { result = json.object?["result"] }
        if let error = json["error"], let code = error["code"]?.string, let message = error["message"]?.string {
            self.error = Failure(code: code, message: message)
        }
        started = json["started"]?.int
        finished = json["finished"]?.int
        server = json["server"]?.string
    }
}

extension TaskRecord.Progress {
    /// Reads `{current, total?, message}`; `nil` when it is none.
    package init?(_ json: JSON) {
        guard let current = json["current"]?.int, current >= 0, let message = json["message"]?.string else {
            return nil
        }
        self.init(current: current, total: json["total"]?.int, message: message)
    }
}

extension TaskRecord.Executor {
    /// Reads `{kind, client?, name?}`; `nil` when it is none.
    package init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)) else { return nil }
        self.init(kind: kind, client: json["client"]?.string, name: json["name"]?.string)
    }
}
