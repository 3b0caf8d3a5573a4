/// What a token allows (contracts/realtime.md §10): viewer ⊂ operator ⊂ admin, and worker = viewer plus worker messages.
package enum Role: String, CaseIterable, Sendable {
    case viewer
    case `operator`
    case worker
    case admin

    /// Whether the role may change things: run and cancel tasks, read the log.
    package var mayOperate: Bool { self == .operator || self == .admin }

    /// Whether the role may take tasks as a worker.
    package var mayWork: Bool { self == .worker || self == .admin }

    /// Whether the role may publish to `app/…` topics.
    package var mayPublish: Bool { mayOperate || mayWork }
}
