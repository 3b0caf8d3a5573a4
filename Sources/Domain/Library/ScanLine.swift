import Dispatch
import Synchronization

/// The line behind the walker: threads that examine files, and one that writes what they found.
///
/// What is gone is removed at the very end, when it is known what of it was only moved.
final class ScanLine: Sendable {
    /// How many files that are gone one message names.
    private static let goneLimit = 200

    /// A message to the writing thread.
    enum Message: Sendable {
        case batch(ScanBatch)
        case directory(ScanDirectory, modified: Int)
        case end
    }

    /// What is dealt with at the end of the walk.
    struct Endings {
        var gone: [Int] = []
        var unrecognised: [Int] = []
        var lost: [(root: LibraryRoot, path: String)] = []
        var putOff: [ScanJob] = []
        /// Files that were found at other paths.
        var claimed: Set<Int> = []
        /// Files with many names, by device and inode: those of their known names where they no longer lie.
        var crowds: [Int: [Int: [MoveCandidate]]] = [:]
    }

    let scanner: Scanner
    let meter: ScanMeter
    let stop: StopFlag
    private let reader: MediaReader
    /// Whether no known file can have moved, because none is known.
    let isFirst: Bool
    private let jobs = BoundedQueue<ScanJob?>(limit: 64)
    /// Holds what is examined while the largest batch is written, so that nobody waits for that.
    private let messages = BoundedQueue<Message>(limit: ScanBatch.limit / ScanJob.limit)
    /// Left when a job is done.
    let working = DispatchGroup()
    let endings = Mutex(Endings())
    /// The first error of a thread.
    private let failure = Mutex<(any Error)?>(nil)

    init(scanner: Scanner, meter: ScanMeter, stop: StopFlag, reader: MediaReader, isFirst: Bool) {
        self.scanner = scanner
        self.meter = meter
        self.stop = stop
        self.reader = reader
        self.isFirst = isFirst
    }

    /// Hands files to the examining threads; waits while they have much to do.
    func examine(_ job: ScanJob) {
        working.enter()
        jobs.push(job)
    }

    /// Keeps files until all folders have been walked.
    func putOff(_ job: ScanJob) { endings.withLock { $0.putOff.append(job) } }

    /// Hands a message to the writing thread; waits while it has much to do.
    func send(_ message: Message) { messages.push(message) }

    /// Known files that are no longer at their paths.
    func note(gone files: [Int]) {
        guard !files.isEmpty else { return }
        endings.withLock { $0.gone += files }
    }

    /// A known folder that is no longer there.
    func note(lost root: LibraryRoot, _ path: String) { endings.withLock { $0.lost.append((root, path)) } }

    /// Runs the line while `walk` feeds it, and returns when all is written.
    func run(_ walk: () throws -> Void) throws {
        let examining = DispatchGroup()
        let writing = DispatchGroup()
        OwnThreads.start("scan.examine", count: scanner.threads, isPolite: true, in: examining) { self.examineAll() }
        let writer = ScanWriter(scanner: scanner, meter: meter)
        OwnThreads.start("scan.write", count: 1, isPolite: true, in: writing) { self.writeAll(writer) }
        let walked = Result {
            try walk()
            working.wait()
            try examinePutOff()
        }
        for _ in 0..<scanner.threads { jobs.push(nil) }
        examining.wait()
        if case .success = walked, !stop.isSet { sendGone() }
        messages.push(.end)
        writing.wait()
        try walked.get()
        if let error = failure.withLock({ $0 }) { throw error }
        if stop.isSet { throw CancellationError() }
        try removeLost(writer)
    }

    // MARK: - Examining

    private func examineAll() {
        let examiner = FileExaminer(reader: reader)
        while let next = jobs.pop(), let job = next {
            if !stop.isSet {
                do { try examine(job, with: examiner) } catch { fail(error) }
            }
            working.leave()
        }
    }

    private func examine(_ job: ScanJob, with examiner: FileExaminer) throws {
        var batch = ScanBatch()
        let left = try claim(job, &batch)
        for entry in left where !stop.isSet {
            let path = { job.directory.absolute(entry.name) }
            let outcome = examiner.examine(
                open: { job.handle?.open(entry.name) ?? DirectoryHandle.open(path: path()) },
                sidecar: entry.sidecar == nil
                    ? nil
                    : {
                        let name = Self.sidecar(of: entry.name)
                        return job.handle?.open(name) ?? DirectoryHandle.open(path: job.directory.absolute(name))
                    },
                log: entry.sidecar == nil
                    ? nil
                    : {
                        job.handle?.open(FooocusLog.name)
                            ?? DirectoryHandle.open(path: job.directory.absolute(FooocusLog.name))
                    },
                path: path
            )
            settle(entry, job.directory, outcome, &batch)
        }
        let examined = batch.found.count { !$0.isBroken }
        if examined > 0 { meter.count(examined: examined) { $0.files += examined } }
        if !batch.isEmpty { send(.batch(batch)) }
    }

    private static func sidecar(of name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return name + ".txt" }
        return name[..<dot] + ".txt"
    }

    private func settle(
        _ entry: ScanJob.Entry,
        _ directory: ScanDirectory,
        _ outcome: FileExaminer.Outcome,
        _ batch: inout ScanBatch
    ) {
        let path = { directory.absolute(entry.name) }
        switch outcome {
        case .found(let description, let size, let modified, let inode):
            batch.found.append(FoundFile(entry, directory, description, size: size, modified: modified, inode: inode))
        case .broken(let description, let type, let size, let modified, let inode):
            batch.found.append(FoundFile(entry, directory, description, size: size, modified: modified, inode: inode))
            guard let type else {
                meter.count(done: 1) { $0.ignored += 1 }
                break
            }
            meter.count(done: 1) { $0.corrupt += 1 }
            meter.warn("\(path()): this \(type.rawValue) has a broken header; only its name is known")
        case .foreign:
            unrecognised(entry)
            meter.count(done: 1) { $0.ignored += 1 }
        case .corrupt(let type):
            unrecognised(entry)
            meter.count(done: 1) { $0.corrupt += 1 }
            meter.warn("\(path()): this \(type.rawValue) has a broken header; skipped")
        case .vanished:
            if let known = entry.known { note(gone: [known]) }
            meter.count(done: 1)
        case .unsettled:
            meter.count(done: 1) { $0.skipped += 1 }
            meter.warn("\(path()): it is being written to; the next scan will look at it again")
        case .unreadable(let code):
            meter.count(done: 1) { $0.skipped += 1 }
            meter.warn("\(SystemError(code: code, action: path()).description); skipped")
        }
    }

    private func unrecognised(_ entry: ScanJob.Entry) {
        guard let known = entry.known else { return }
        endings.withLock { $0.unrecognised.append(known) }
    }

    // MARK: - Writing

    private func writeAll(_ writer: ScanWriter) {
        while true {
            let message = writer.isEmpty ? messages.pop() : messages.pop(until: writer.deadline)
            let isLast = if case .end? = message { true } else { false }
            // After an error the line is only emptied, so that nobody waits for room.
            if failure.withLock({ $0 == nil }) {
                do {
                    switch message {
                    case .batch(let batch): try writer.add(batch)
                    case .directory(let directory, let modified):
                        try writer.add(ScanBatch(directories: [(directory, modified)]))
                    case .end, nil: try writer.write()
                    }
                } catch {
                    fail(error)
                }
            }
            if isLast { return }
        }
    }

    /// Has removed what is gone and was found nowhere else.
    private func sendGone() {
        let (gone, unrecognised) = endings.withLock { endings in
            (
                endings.gone.filter { !endings.claimed.contains($0) },
                endings.unrecognised.filter { !endings.claimed.contains($0) }
            )
        }
        for start in stride(from: 0, to: gone.count, by: Self.goneLimit) {
            send(.batch(ScanBatch(gone: Array(gone[start..<min(start + Self.goneLimit, gone.count)]))))
        }
        for start in stride(from: 0, to: unrecognised.count, by: Self.goneLimit) {
            let end = min(start + Self.goneLimit, unrecognised.count)
            send(.batch(ScanBatch(unrecognised: Array(unrecognised[start..<end]))))
        }
    }

    private func removeLost(_ writer: ScanWriter) throws {
        for (root, path) in endings.withLock({ $0.lost })
        where try scanner.library.store.isGone(folder: root.absolute(path)) {
            try writer.remove(path, of: root, stop: stop)
            if stop.isSet { throw CancellationError() }
        }
    }

    private func fail(_ error: any Error) {
        failure.withLock { $0 = $0 ?? error }
        stop.set()
    }
}
