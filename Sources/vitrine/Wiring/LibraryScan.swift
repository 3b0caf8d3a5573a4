import Domain

/// A scan without a server.
struct LibraryScan: Sendable {
    let configuration: ServerConfiguration
    /// The only folder to look through; all libraries when `nil`.
    let folder: String?

    /// Scans, tells how far it is, and returns the last state, whose message holds the counts.
    func run(report: @escaping @Sendable (TaskRecord.Progress) -> Void) async throws -> TaskRecord.Progress {
        throw WiringError("the scan")
    }
}
