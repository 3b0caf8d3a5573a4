import GRDB

/// The tables of the tasks and of what they log.
enum TaskSchema {
    /// Makes the tables; `result` stands last, so that reading the rest of a row does not touch a large one.
    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE task (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    id TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    params TEXT NOT NULL,
                    state TEXT NOT NULL,
                    cancelling INTEGER NOT NULL DEFAULT 0,
                    priority INTEGER NOT NULL,
                    attempt INTEGER NOT NULL,
                    attempts INTEGER NOT NULL,
                    requires TEXT NOT NULL,
                    progress_current INTEGER,
                    progress_total INTEGER,
                    progress_message TEXT,
                    executor_kind TEXT,
                    executor_client TEXT,
                    executor_name TEXT,
                    error_code TEXT,
                    error_message TEXT,
                    created INTEGER NOT NULL,
                    started INTEGER,
                    finished INTEGER,
                    result_size INTEGER,
                    result TEXT
                );
                CREATE INDEX task_on_state ON task (state);
                CREATE INDEX task_on_finished ON task (finished) WHERE finished IS NOT NULL;
                CREATE TABLE task_log (
                    task INTEGER NOT NULL REFERENCES task (sequence) ON DELETE CASCADE,
                    number INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    level TEXT NOT NULL,
                    message TEXT NOT NULL,
                    PRIMARY KEY (task, number)
                ) WITHOUT ROWID;
                """
        )
    }
}
