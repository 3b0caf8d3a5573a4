import OrderedCollections

/// The task `scan`: brings the library in step with its folders.
///
/// Parameters: `path`, an absolute folder at or below a root (missing: all roots), and `full`, whether files whose
/// size and time did not change are read again. Its result is a ``ScanReport``.
package struct ScanKind: TaskKind {
    package let name = "scan"
    package let title = "Scan the library"
    package let parameters = ["path", "full"]
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
            let report = try await OwnThreads.run("scan.walk", cancel: stop.set) { [scanner] in
                try scanner.scan(
                    folder: parameters.path,
                    full: parameters.full,
                    stop: stop,
                    progress: { context.progress($0, of: $1, $2) },
                    log: { context.log($0, $1) }
                )
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
        var path: String?
        var full: Bool

        init(_ params: JSON) throws(TaskRecord.Failure) {
            guard case .object(let members) = params else { throw Self.failure("params must be an object") }
            for name in members.keys where name != "path" && name != "full" {
                throw Self.failure("unknown parameter \"\(name)\"; scan takes path and full")
            }
            if let value = params["path"] {
                guard let path = value.string, path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else {
                    throw Self.failure("path must be the absolute path of a folder")
                }
                self.path = path
            }
            if let value = params["full"] {
                guard let full = value.bool else { throw Self.failure("full must be true or false") }
                self.full = full
            } else {
                full = false
            }
        }

        static func failure(_ message: String) -> TaskRecord.Failure {
            TaskRecord.Failure(code: "bad_params", message: message)
        }
    }
}
