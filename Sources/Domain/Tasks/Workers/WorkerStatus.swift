/// How a worker fares (contracts/realtime.md §5, **client**, `worker`).
package struct WorkerStatus: Hashable, Sendable {
    /// The tasks that it runs, by id.
    package var tasks: [String] = []
    /// How many of its slots are taken, by offers and by tasks that it was asked to stop too.
    package var busy = 0
    /// How many tasks it has ended as done.
    package var done = 0
    /// How many attempts it has failed at, by its own word or by silence.
    package var failed = 0
    /// What the last of those failures said.
    package var lastError: String?

    /// A worker that has done nothing yet.
    package init() {}
}
