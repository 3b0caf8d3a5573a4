package import Domain

/// The state of topic `task/<id>`: the task, `nil` while there is none, and the last lines of its log.
package struct TaskState: Sendable {
    package var task: TaskRecord?
    package var log: [TaskLogLine]

    package init(task: TaskRecord?, log: [TaskLogLine]) {
        self.task = task
        self.log = log
    }
}
