import Dispatch
import Synchronization

/// The line behind the walker: threads that examine files, and one that writes what they found.
final class ScanLine: Sendable {
    /// A file to be examined.
    struct Job: Sendable {
        var directory: ScanDirectory
        var name: String
        /// The id of the file's row, when the library knows the path.
        var known: Int?
    }

    /// A message to the writing thread.
    enum Message: Sendable {
        case found(FoundFile)
        /// The file with this id is no longer there, or no longer a library file.
        case gone(Int)
        case lost(root: Int, path: String)
        case device(directory: Int, device: Int)
        case end
    }

    /// Milliseconds after which a batch that is not full is written, so that people see a slow scan move.
    private static let patience = 250

    private let scanner: Scanner
    private let meter: ScanMeter
    private let stop: StopFlag
    private let jobs = BoundedQueue<Job?>(limit: 1024)
    private let messages = BoundedQueue<Message>(limit: 1024)
    /// The first error of the writing thread.
    private let failure = Mutex<(any Error)?>(nil)

    init(scanner: Scanner, meter: ScanMeter, stop: StopFlag) {
        self.scanner = scanner
        self.meter = meter
        self.stop = stop
    }

    /// Hands a file to the examining threads; waits while they have much to do.
    func examine(_ job: Job) { jobs.push(job) }

    /// Hands a message to the writing thread; waits while it has much to do.
    func send(_ message: Message) { messages.push(message) }

    /// Runs the line while `walk` feeds it, and returns when all is written.
    func run(_ walk: () throws -> Void) throws -> ScanReport {
        let examining = DispatchGroup()
        let writing = DispatchGroup()
        OwnThreads.start("scan.examine", count: scanner.threads, in: examining) { self.examineAll() }
        OwnThreads.start("scan.write", count: 1, in: writing) { self.writeAll() }
        let walked = Result { try walk() }
        for _ in 0..<scanner.threads { jobs.push(nil) }
        examining.wait()
        messages.push(.end)
        writing.wait()
        scanner.library.flushCounts()
        try walked.get()
        if let error = failure.withLock({ $0 }) { throw error }
        if stop.isSet { throw CancellationError() }
        return meter.finish()
    }

    // MARK: - Examining

    private func examineAll() {
        guard let examiner = FileExaminer(stop: stop) else {
            fail(SystemError(code: 12, action: "libcrypto"))
            while let next = jobs.pop(), next != nil {}
            return
        }
        while let next = jobs.pop(), let job = next {
            if stop.isSet { continue }
            let path = job.directory.absolute(job.name)
            let outcome = examiner.examine(path) { bytes in meter.count { $0.hashed += bytes } }
            settle(job, path, outcome)
        }
    }

    private func settle(_ job: Job, _ path: String, _ outcome: FileExaminer.Outcome) {
        switch outcome {
        case .found(let type, let hash, let width, let height, let size, let modified):
            let file = FoundFile(
                directory: job.directory,
                name: job.name,
                size: size,
                modified: modified,
                hash: hash,
                type: type,
                width: width,
                height: height
            )
            send(.found(file))
            meter.count(done: 1) { $0.files += 1 }
        case .foreign:
            if let known = job.known { send(.gone(known)) }
            meter.count(done: 1) { $0.ignored += 1 }
        case .corrupt(let type):
            if let known = job.known { send(.gone(known)) }
            meter.count(done: 1) { $0.corrupt += 1 }
            meter.warn("\(path): this \(type.rawValue) has a broken header; skipped")
        case .vanished:
            if let known = job.known { send(.gone(known)) }
            meter.count(done: 1)
        case .unsettled:
            meter.count(done: 1) { $0.skipped += 1 }
            meter.warn("\(path): it is being written to; the next scan will look at it again")
        case .unreadable(let error):
            meter.count(done: 1) { $0.skipped += 1 }
            meter.warn("\(error.description); skipped")
        case .stopped: break
        }
    }

    // MARK: - Writing

    private func writeAll() {
        var batch = ScanBatch()
        var deadline = DispatchTime.distantFuture
        while true {
            let message = batch.isEmpty ? messages.pop() : messages.pop(until: deadline)
            // After an error the line is only emptied, so that nobody waits for room.
            if failure.withLock({ $0 != nil }) {
                if case .end? = message { return }
                continue
            }
            do {
                if batch.isEmpty { deadline = .now() + .milliseconds(Self.patience) }
                switch message {
                case .found(let file): batch.found.append(file)
                case .gone(let file): batch.gone.append(file)
                case .device(let directory, let device): batch.devices.append((directory, device))
                case .lost(let root, let path): try remove(path, of: root)
                case .end, nil: break
                }
                let isLast = if case .end? = message { true } else { false }
                if batch.count >= ScanBatch.limit || message == nil || isLast || deadline <= .now() {
                    try write(&batch)
                }
                if isLast { return }
            } catch {
                batch = ScanBatch()
                fail(error)
                if case .end? = message { return }
            }
        }
    }

    private func write(_ batch: inout ScanBatch) throws {
        guard !batch.isEmpty else { return }
        try scanner.willCommit()
        let library = scanner.library
        let changes = try library.commit { try library.store.apply(batch, at: library.clock.now) }
        meter.count {
            $0.added += changes.added.count
            $0.changed += changes.changed.count
            $0.removed += changes.removed.count
        }
        batch = ScanBatch()
    }

    private func remove(_ path: String, of root: Int) throws {
        let library = scanner.library
        var isDone = false
        while !isDone, !stop.isSet {
            try scanner.willCommit()
            let changes = try library.commit {
                guard let changes = try library.store.removeNext(under: path, of: root, limit: ScanBatch.limit) else {
                    isDone = true
                    return LibraryChanges()
                }
                return changes
            }
            meter.count { $0.removed += changes.removed.count }
        }
    }

    private func fail(_ error: any Error) {
        failure.withLock { $0 = $0 ?? error }
        stop.set()
    }
}
