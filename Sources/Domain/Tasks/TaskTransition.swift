/// One step in a task's life, to be written to the store and, once it is on disk, told to everyone.
package struct TaskTransition: Sendable {
    /// What happened.
    package enum Kind: Hashable, Sendable {
        case created
        case started
        /// Cancelling was asked for; the code still runs.
        case cancelling
        case progressed
        case logged(TaskLogLine)
        /// Why it is not running is another reason than before; not to be written.
        case waiting
        /// `attempt` is the one that ended.
        case requeued(attempt: Int, reason: RequeueReason)
        /// `result` is the whole of what it returned, as JSON.
        case finished(result: [UInt8]?)
    }

    package let kind: Kind
    /// The task after the step.
    package let record: TaskRecord
    /// The task's number in the order of creation.
    package let sequence: Int

    /// The same step, of which Socket.IO clients hear in its reporter's own words.
    func relayed() -> TaskTransition {
        var record = record
        record.isRelayed = true
        guard case .logged(var line) = kind else {
            return TaskTransition(kind: kind, record: record, sequence: sequence)
        }
        line.isRelayed = true
        return TaskTransition(kind: .logged(line), record: record, sequence: sequence)
    }

    /// What is published of it.
    package var event: Event? {
        switch kind {
        case .created: .taskCreated(record)
        case .started: .taskStarted(record)
        case .cancelling: nil
        case .waiting: .taskWaiting(record)
        case .progressed: .taskProgress(record)
        case .logged(let line): .taskLog(task: record.id, line: line)
        case .requeued(let attempt, let reason): .taskRequeued(record, attempt: attempt, reason: reason)
        case .finished: .taskFinished(record)
        }
    }
}
