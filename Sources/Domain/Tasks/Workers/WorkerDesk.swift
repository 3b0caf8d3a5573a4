/// What the engine keeps of those who run tasks for it, besides what the queue knows.
struct WorkerDesk: Sendable {
    /// A worker that is told things.
    struct Peer: Sendable {
        let worker: any TaskWorker
        /// The figures that it was last told, and when.
        var told = WorkerStatus()
        var toldAt: Milliseconds?
    }

    /// How often a task's progress is told and written.
    struct Pace: Sendable {
        let lease: String
        var told: Milliseconds
        var saved: Milliseconds
        /// Whether newer progress waits for its time, and whether its reporter has told it too.
        var isWaiting = false
        var isRelayed = false
    }

    /// Somebody who only reports what it does.
    struct Reporter: Sendable {
        var ticket: TaskTicket
        var client: String
        /// Whether the task is another executor's, whose word ends it.
        let isAttached: Bool
    }

    var peers: [String: Peer] = [:]
    /// The peers whose figures are to be looked at.
    var changed: Set<String> = []
    /// Of the tasks at workers, by the task.
    var paces: [String: Pace] = [:]
    /// By the task's id as its reporter says it.
    var reporters: [String: Reporter] = [:]
    /// Results that wait for the word that their tasks are done, by the lease.
    var uploads: [String: UploadedResult] = [:]
}
