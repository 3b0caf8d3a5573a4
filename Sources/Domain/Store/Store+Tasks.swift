import GRDB

extension Store {
    // MARK: - Writing

    /// Writes the steps in order, all in one transaction; none of them when one fails.
    ///
    /// Of a task's log the newest `logLimit` lines stay, and at most 255 more until the next clearing.
    /// Throws GRDB's `DatabaseError`.
    package func write(_ transitions: [TaskTransition], logLimit: Int) throws {
        guard !transitions.isEmpty else { return }
        try pool.write { database in
            for transition in transitions { try Self.write(transition, logLimit, database) }
        }
    }

    private static func write(_ transition: TaskTransition, _ logLimit: Int, _ database: Database) throws {
        let record = transition.record
        switch transition.kind {
        case .created: try insert(record, transition.sequence, database)
        case .started, .cancelling, .requeued:
            try update(transition, isCancelling: transition.kind == .cancelling, database)
        case .progressed: try update(record.progress, transition.sequence, database)
        case .finished(let result):
            try update(transition, isCancelling: false, database)
            if let result {
                try database.cachedStatement(sql: "UPDATE task SET result_size = ?, result = ? WHERE sequence = ?")
                    .execute(arguments: [result.count, String(decoding: result, as: UTF8.self), transition.sequence])
            }
        case .waiting: break
        case .logged(let line): try append(line, transition.sequence, logLimit, database)
        }
    }

    private static func insert(_ record: TaskRecord, _ sequence: Int, _ database: Database) throws {
        let sql = """
            INSERT INTO task (sequence, id, name, params, state, priority, attempt, attempts, requires, created)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try database.cachedStatement(sql: sql).execute(
            arguments: [
                sequence, record.id, record.name, record.params.text, record.state.rawValue, record.priority,
                record.attempt, record.attempts, JSON.array(record.requires.map(JSON.string)).text, record.created,
            ]
        )
    }

    private static func update(_ transition: TaskTransition, isCancelling: Bool, _ database: Database) throws {
        try database.cachedStatement(sql: TaskRow.update).execute(
            arguments: TaskRow.changing(transition.record, isCancelling: isCancelling) + [transition.sequence]
        )
    }

    private static func update(_ progress: TaskRecord.Progress?, _ sequence: Int, _ database: Database) throws {
        let sql = """
            UPDATE task SET progress_current = ?, progress_total = ?, progress_message = ? WHERE sequence = ?
            """
        try database.cachedStatement(sql: sql).execute(
            arguments: [progress?.current, progress?.total, progress?.message, sequence]
        )
    }

    private static func append(
        _ line: TaskLogLine,
        _ sequence: Int,
        _ limit: Int,
        _ database: Database
    ) throws {
        let last = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT max(number) FROM task_log WHERE task = ?"),
            arguments: [sequence]
        )
        let number = (last ?? 0) + 1
        try database.cachedStatement(
            sql: "INSERT INTO task_log (task, number, at, level, message) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [sequence, number, line.at, line.level.rawValue, line.message])
        if number.isMultiple(of: 256) {
            try database.cachedStatement(sql: "DELETE FROM task_log WHERE task = ? AND number <= ?")
                .execute(arguments: [sequence, number - limit])
        }
    }

    // MARK: - Reading

    /// Reads all unfinished tasks, the last `finished` finished ones, and the last `log` lines of each.
    ///
    /// Throws GRDB's `DatabaseError`, and ``TaskRow/Corrupt`` for a row that no version of the server writes.
    package func loadTasks(finished: Int, log: Int) throws -> StoredTasks {
        try pool.read { database in
            var tasks = StoredTasks()
            let unfinished = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(TaskRow.columns) FROM task WHERE state IN ('queued', 'running') ORDER BY sequence
                    """
            )
            while let row = try unfinished.next() {
                tasks.unfinished.append(
                    .init(record: try TaskRow.record(row), sequence: row["sequence"], isCancelling: row["cancelling"])
                )
            }
            tasks.finished = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(TaskRow.columns) FROM task WHERE finished IS NOT NULL
                    ORDER BY finished DESC, sequence DESC LIMIT ?
                    """,
                arguments: [finished]
            ).reversed().map(TaskRow.record)
            let counts = try Row.fetchAll(database, sql: "SELECT state, count(*) AS count FROM task GROUP BY state")
            for row in counts {
                if let state = TaskRecord.State(rawValue: row["state"]) { tasks.counts[state] = row["count"] }
            }
            tasks.lastSequence = try Int.fetchOne(database, sql: "SELECT max(sequence) FROM task") ?? 0
            let begun = tasks.unfinished.lazy.map(\.record).filter { $0.attempt > 0 } + tasks.finished
            for record in begun {
                let lines = try Self.log(record.id, log, database)
                if !lines.isEmpty { tasks.logs[record.id] = lines }
            }
            return tasks
        }
    }

    /// A task by its id, without a large result; `nil` when there is none.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func endedTask(_ id: String) throws -> TaskRecord? {
        try pool.read { try Self.task(id, columns: TaskRow.columns, $0) }
    }

    /// A task by its id with a result of up to ``TaskResult/limit`` bytes; `nil` when there is none.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func task(_ id: String) async throws -> TaskRecord? {
        try await pool.read { try Self.task(id, columns: TaskRow.columnsWithResult, $0) }
    }

    /// The whole result of a task as JSON; `nil` when there is none.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func taskResult(_ id: String) async throws -> [UInt8]? {
        try await pool.read { database in
            try String.fetchOne(database, sql: "SELECT result FROM task WHERE id = ?", arguments: [id])
                .map { Array($0.utf8) }
        }
    }

    /// The last `limit` tasks that were made, newest first, without large results.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func tasks(state: TaskRecord.State?, limit: Int) async throws -> [TaskRecord] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(TaskRow.columns) FROM task \(state == nil ? "" : "WHERE state = :state")
                    ORDER BY sequence DESC LIMIT :limit
                    """,
                arguments: state.map { ["state": $0.rawValue, "limit": limit] } ?? ["limit": limit]
            ).map(TaskRow.record)
        }
    }

    /// The last `limit` lines of a task's log, oldest first.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func taskLog(_ id: String, limit: Int) async throws -> [TaskLogLine] {
        try await pool.read { try Self.log(id, limit, $0) }
    }

    private static func task(_ id: String, columns: String, _ database: Database) throws -> TaskRecord? {
        try Row.fetchOne(database, sql: "SELECT \(columns) FROM task WHERE id = ?", arguments: [id])
            .map(TaskRow.record)
    }

    private static func log(_ id: String, _ limit: Int, _ database: Database) throws -> [TaskLogLine] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT at, level, message FROM task_log WHERE task = (SELECT sequence FROM task WHERE id = ?)
                ORDER BY number DESC LIMIT ?
                """,
            arguments: [id, max(0, limit)]
        ).reversed().map { row in
            TaskLogLine(at: row["at"], level: LogLevel(rawValue: row["level"]) ?? .info, message: row["message"])
        }
    }
}
