import GRDB

/// A row of `task` as a value, and back.
enum TaskRow {
    /// A row that no version of the server writes.
    struct Corrupt: Error, CustomStringConvertible {
        let task: String
        var description: String { "the store's row of task \(task) cannot be read" }
    }

    /// The columns of a record, with the result only when it is small.
    static let columns = columns(resultLimit: TaskRecord.inlineResultLimit)
    /// The columns of a record, with a result that may come in one message.
    static let columnsWithResult = columns(resultLimit: TaskResult.limit)

    private static func columns(resultLimit: Int) -> String {
        """
        sequence, id, name, params, state, cancelling, priority, attempt, attempts, requires, progress_current,
        progress_total, progress_message, executor_kind, executor_client, executor_name, error_code,
        error_message, created, started, finished, result_size,
        CASE WHEN result_size <= \(resultLimit) THEN result END AS result
        """
    }

    /// Reads a record; throws ``Corrupt``.
    static func record(_ row: Row) throws -> TaskRecord {
        let id: String = row["id"]
        guard let state = TaskRecord.State(rawValue: row["state"]), let params = try? json(row["params"] as String),
            let requires = try? json(row["requires"] as String).array?.compactMap(\.string)
        else { throw Corrupt(task: id) }
        var record = TaskRecord(
            id: id,
            name: row["name"],
            params: params,
            priority: row["priority"],
            attempts: row["attempts"],
            requires: requires,
            created: row["created"]
        )
        record.state = state
        record.attempt = row["attempt"]
        record.started = row["started"]
        record.finished = row["finished"]
        if let current: Int = row["progress_current"] {
            record.progress = .init(
                current: current,
                total: row["progress_total"],
                message: row["progress_message"] ?? ""
            )
        }
        if let kind: String = row["executor_kind"] {
            guard let kind = TaskRecord.Executor.Kind(rawValue: kind) else { throw Corrupt(task: id) }
            record.executor = .init(kind: kind, client: row["executor_client"], name: row["executor_name"])
        }
        if let code: String = row["error_code"] {
            record.error = .init(code: code, message: row["error_message"] ?? "")
        }
        if let size: Int = row["result_size"], size > TaskRecord.inlineResultLimit { record.resultSize = size }
        if let result: String = row["result"] {
            guard let value = try? json(result) else { throw Corrupt(task: id) }
            record.result = value
        }
        return record
    }

    private static func json(_ text: String) throws -> JSON { try JSONParser.parse(text, depth: 512) }

    /// The values of the columns that change while a task lives, in the order of ``update``.
    static func changing(_ record: TaskRecord, isCancelling: Bool) -> StatementArguments {
        [
            record.state.rawValue, isCancelling, record.attempt, record.progress?.current, record.progress?.total,
            record.progress?.message, record.executor?.kind.rawValue, record.executor?.client, record.executor?.name,
            record.error?.code, record.error?.message, record.started, record.finished,
        ]
    }

    static let update = """
        UPDATE task SET state = ?, cancelling = ?, attempt = ?, progress_current = ?, progress_total = ?,
            progress_message = ?, executor_kind = ?, executor_client = ?, executor_name = ?, error_code = ?,
            error_message = ?, started = ?, finished = ?
        WHERE sequence = ?
        """
}
