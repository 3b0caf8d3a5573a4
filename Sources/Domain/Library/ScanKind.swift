import OrderedCollections

/// The task `scan`: brings the library in step with its folders.
///
/// Parameters: `path`, an absolute folder at or below a root (missing: all roots), and `full`, whether files whose
/// size and time did not change are read again. `changed`: only where something changed, as far as that is known.
/// `rebuild`: all files are described anew, contents are not read. Its result is a ``ScanReport``.
package struct ScanKind: TaskKind {
    package let name = "scan"
    package let title = "Scan the library"
    package let parameters = ["path", "full", "changed", "rebuild"]
    package let restartPolicy = TaskRestartPolicy.requeue
    /// Two at a time would do the same work twice.
    package let isExclusive = true

    private let scanner: Scanner
    private let afterScan: @Sendable () -> Void

    /// A kind that scans `library` and calls `afterScan` after each scan that ran to its end.
    package init(library: Library, afterScan: @escaping @Sendable () -> Void = {}) {
        self.init(scanner: Scanner(library: library), afterScan: afterScan)
    }

    init(scanner: Scanner, afterScan: @escaping @Sendable () -> Void) {
        self.scanner = scanner
        self.afterScan = afterScan
    }

    package func validate(_ params: JSON) throws(TaskRecord.Failure) {
        _ = try Parameters(params)
    }

    package func run(_ context: TaskContext) async throws -> JSON {
        let parameters = try Parameters(context.params)
        let stop = StopFlag()
        do {
            let session = ScanSession(
                scanner: scanner,
                stop: stop,
                progress: { context.progress($0, of: $1, $2) },
                log: { context.log($0, $1) }
            )
            let report = try await OwnThreads.run("scan.walk", isPolite: true, cancel: stop.set) {
                try session.run(parameters.task, id: context.task)
            }
            afterScan()
            return report.json
        } catch let error as LibraryRootError {
            throw TaskAbort(TaskRecord.Failure(code: "not_found", message: error.description))
        } catch let error as Scanner.OutsideRoots {
            throw TaskAbort(TaskRecord.Failure(code: "bad_params", message: error.description))
        }
    }

    private struct Parameters: Sendable {
        var task: ScanSession.Task

        init(_ params: JSON) throws(TaskRecord.Failure) {
            guard case .object(let members) = params else { throw Self.failure("params must be an object") }
            for name in members.keys where !["path", "full", "changed", "rebuild"].contains(name) {
                throw Self.failure("unknown parameter \"\(name)\"; scan takes path, full, changed and rebuild")
            }
            var path: String?
            if let value = params["path"] {
                guard let text = value.string, text.utf8.first == UInt8(ascii: "/"), !text.utf8.contains(0) else {
                    throw Self.failure("path must be the absolute path of a folder")
                }
                path = text
            }
            let full = try Self.flag(params, "full")
            let changed = try Self.flag(params, "changed")
            let rebuild = try Self.flag(params, "rebuild")
            task = .scan(folder: path, full: full)
            guard changed || rebuild else { return }
            guard path == nil, !full, changed != rebuild else {
                throw Self.failure("changed and rebuild stand alone")
            }
            task = rebuild ? .rebuild : .changes
        }

        private static func flag(_ params: JSON, _ name: String) throws(TaskRecord.Failure) -> Bool {
            guard let value = params[name] else { return false }
            guard let flag = value.bool else { throw failure("\(name) must be true or false") }
            return flag
        }

        static func failure(_ message: String) -> TaskRecord.Failure {
            TaskRecord.Failure(code: "bad_params", message: message)
        }
    }
}
