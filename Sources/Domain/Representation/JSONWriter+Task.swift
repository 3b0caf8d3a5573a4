extension JSONWriter {
    /// Writes a task in its native shape (contracts/realtime.md §5, **task**); `result` is JSON for a result that the
    /// record has left out.
    package mutating func value(_ task: TaskRecord, result: [UInt8]? = nil) {
        object { writer in
            writer.field("uuid", task.id)
            writer.field("name", task.name)
            writer.field("params", task.params)
            writer.field("state", task.state.rawValue)
            writer.field("priority", task.priority)
            writer.field("attempt", task.attempt)
            writer.field("attempts", task.attempts)
            writer.field("requires", task.requires)
            if let progress = task.progress { writer.field("progress", progress) }
            writer.name("executor")
            if let executor = task.executor { writer.value(executor) } else { writer.null() }
            writer.field("waiting", task.waiting)
            if let result {
                writer.name("result")
                writer.value(encoded: result)
            } else if let size = task.resultSize, task.result == nil {
                writer.field("result", JSON.null)
                writer.field("result_size", size)
            } else {
                writer.field("result", task.result)
            }
            if let error = task.error {
                writer.field(
                    "error",
                    object: {
                        $0.field("code", error.code)
                        $0.field("message", error.message)
                    }
                )
            }
            writer.field("created", task.created)
            writer.field("started", task.started)
            writer.field("finished", task.finished)
            writer.field("server", task.server)
        }
    }

    /// Writes `{current, total?, message}`.
    package mutating func field(_ name: String, _ progress: TaskRecord.Progress) {
        self.name(name)
        value(progress)
    }

    /// Writes `{current, total?, message}`.
    package mutating func value(_ progress: TaskRecord.Progress) {
        object {
            $0.field("current", progress.current)
            $0.field("total", progress.total)
            $0.field("message", progress.message)
        }
    }

    /// Writes `{kind, client?, name?}`.
    package mutating func value(_ executor: TaskRecord.Executor) {
        object {
            $0.field("kind", executor.kind.rawValue)
            $0.field("client", executor.client)
            $0.field("name", executor.name)
        }
    }

    /// Writes `{queued, running, done, failed, cancelled}`.
    package mutating func field(_ name: String, _ counts: TaskCounts) {
        field(name, object: { for state in TaskRecord.State.allCases { $0.field(state.rawValue, counts[state]) } })
    }

    /// Writes `{at, level, message}`.
    package mutating func value(_ line: TaskLogLine) {
        object {
            $0.field("at", line.at)
            $0.field("level", line.level.rawValue)
            $0.field("message", line.message)
        }
    }
}
