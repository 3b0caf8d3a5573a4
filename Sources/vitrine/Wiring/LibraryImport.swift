import Domain

/// Takes over another server's library without a server.
struct LibraryImport: Sendable {
    let configuration: ServerConfiguration

    /// Adds folders and settings, scans, then gives files their tags and texts.
    ///
    /// Throws when another process uses the data folder, and the store's errors.
    func run(
        from source: IIBDatabase,
        mapping: PathMapping,
        report: @escaping @Sendable (TaskRecord.Progress) -> Void,
        log: @escaping @Sendable (LogLevel, String) -> Void
    ) async throws -> IIBImport.Report {
        let backend = try Backend(configuration: configuration)
        let work = IIBImport(from: source, into: backend.index, mapping: mapping)
        var result = IIBImport.Report()
        try await work.importFolders(&result)
        _ = try await ScanKind(library: backend.library).run(
            TaskContext(task: "scan", params: [:], attempt: 1, report: report, write: log)
        )
        try await work.importTags(&result) { done, total in
            report(TaskRecord.Progress(current: done, total: total, message: "tags"))
        }
        try backend.store.close()
        return result
    }
}
