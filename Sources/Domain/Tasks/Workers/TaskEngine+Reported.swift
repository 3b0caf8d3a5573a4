extension TaskEngine: ReportedTasks {
    /// What a worker that only reports has said.
    enum Report: Sendable {
        case start(String, client: String)
        case progress(String, TaskRecord.Progress, client: String)
        case log(String, LogLevel, String, client: String)
        case end(String, client: String, isClean: Bool)
    }

    package func start(_ uuid: String, by client: String) {
        post(.worker(.report(.start(uuid, client: client))))
    }

    package func progress(_ uuid: String, _ progress: TaskRecord.Progress, by client: String) {
        post(.worker(.report(.progress(uuid, progress, client: client))))
    }

    package func log(_ uuid: String, _ level: LogLevel, _ message: String, by client: String) {
        post(.worker(.report(.log(uuid, level, message, client: client))))
    }

    package func end(_ uuid: String, by client: String, isClean: Bool) {
        post(.worker(.report(.end(uuid, client: client, isClean: isClean))))
    }
}
