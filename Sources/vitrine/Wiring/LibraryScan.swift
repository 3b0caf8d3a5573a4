import Domain
import Logging

/// A scan without a server.
struct LibraryScan: Sendable {
    let backend: Backend
    /// The only folder to look through; all libraries when `nil`.
    let folder: String?

    /// Scans, tells how far it is, and returns the last state, whose message holds the counts.
    ///
    /// Throws when a folder cannot be used.
    func run(
        report: @escaping @Sendable (TaskRecord.Progress) -> Void,
        log: @escaping @Sendable (LogLevel, String) -> Void
    ) async throws -> TaskRecord.Progress {
        let path = folder.map(FolderArgument.absolute)
        if let path { try backend.library.addRoot(path) }
        let kind = ScanKind(library: backend.library)
        let result = try await kind.run(
            TaskContext(
                task: "scan",
                params: path.map { ["path": .string($0)] } ?? [:],
                attempt: 1,
                report: report,
                write: log
            )
        )
        let counts = try backend.library.libraryCounts()
        let words = result.object?.map { "\($0.key) \($0.value.text)" }.joined(separator: ", ") ?? ""
        let total = result["files"]?.int ?? 0
        return TaskRecord.Progress(
            current: total,
            total: total,
            message: "\(words); the library holds \(counts.files) files, \(counts.contents) contents"
        )
    }

    /// Scans, shows on the terminal how far it is, and logs what it says; throws as ``run(report:log:)`` does.
    func runOnTerminal() async throws {
        let progress = TerminalProgress()
        let logger = Logger(label: "vitrine.scan")
        let last = try await run(
            report: { progress.update($0) },
            log: { logger.log(level: $0.loggerLevel, "\($1)") }
        )
        progress.finish(last)
    }
}
