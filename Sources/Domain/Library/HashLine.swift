import Dispatch
import Synchronization

/// Computes the contents of files that have none yet, on several threads, and writes them in the order of the files' ids.
///
/// What waits is read from the store, so it does not matter who left it there: this scan, or one that died.
final class HashLine: Sendable {
    /// How many files one round takes, and about how many bytes, unless one file has more.
    private static let round = 256
    private static let roundBytes = 256 << 20

    /// One round: its files, and what became of them, at the same places.
    private final class Round: Sendable {
        let files: [UnhashedFile]
        let group = DispatchGroup()
        private let outcomes: Mutex<[FileHasher.Outcome]>

        init(_ files: some Sequence<UnhashedFile>) {
            self.files = Array(files)
            outcomes = Mutex(Array(repeating: .stopped, count: self.files.count))
        }

        func set(_ index: Int, _ outcome: FileHasher.Outcome) { outcomes.withLock { $0[index] = outcome } }

        var results: [FileHasher.Outcome] { outcomes.withLock { $0 } }
    }

    private let scanner: Scanner
    private let meter: ScanMeter
    private let stop: StopFlag
    private let jobs = BoundedQueue<(round: Round, index: Int)?>(limit: 2 * round)

    init(scanner: Scanner, meter: ScanMeter, stop: StopFlag) {
        self.scanner = scanner
        self.meter = meter
        self.stop = stop
    }

    /// Hashes all that waits, from the first file after `id` on; answers after which it stopped because `isWanted`
    /// said that something else is more urgent, and `nil` when nothing is left.
    ///
    /// Files that cannot be read, or changed, are left for the next scan.
    func run(after id: Int, unless isWanted: () -> Bool) throws -> Int? {
        let library = scanner.library
        var next = try round(after: id)
        guard !next.files.isEmpty else { return nil }
        let hashing = DispatchGroup()
        OwnThreads.start("scan.hash", count: scanner.threads, isPolite: true, in: hashing) { self.hashAll() }
        defer {
            for _ in 0..<scanner.threads { jobs.push(nil) }
            hashing.wait()
            library.flushCounts()
        }
        begin(next)
        while let last = next.files.last {
            // While a round is written the threads work on the next.
            let isYielding = isWanted()
            let after = isYielding ? Round([]) : try round(after: last.id)
            begin(after)
            next.group.wait()
            if stop.isSet { throw CancellationError() }
            do { try write(next) } catch {
                stop.set()
                throw error
            }
            if isYielding { return last.id }
            next = after
        }
        return nil
    }

    private func round(after id: Int) throws -> Round {
        let files = try scanner.library.store.unhashedFiles(after: id, limit: Self.round)
        var bytes = 0
        return Round(
            files.prefix { file in
                defer { bytes += file.size }
                return bytes < Self.roundBytes
            }
        )
    }

    private func begin(_ round: Round) {
        for index in round.files.indices {
            round.group.enter()
            jobs.push((round, index))
        }
    }

    private func hashAll() {
        let hasher = FileHasher(stop: stop)
        while let next = jobs.pop(), let job = next {
            let file = job.round.files[job.index]
            if stop.isSet {
                job.round.set(job.index, .stopped)
            } else if let hasher {
                let outcome = hasher.hash(file.path, size: file.size, modified: file.modified) { bytes in
                    meter.count { $0.hashed += bytes }
                }
                job.round.set(job.index, outcome)
            } else {
                job.round.set(job.index, .unreadable(SystemError(code: 12, action: "libcrypto")))
            }
            meter.count(hashed: 1)
            job.round.group.leave()
        }
    }

    private func write(_ round: Round) throws {
        var found: [HashedFile] = []
        for (file, outcome) in zip(round.files, round.results) {
            switch outcome {
            case .hashed(let type, let hash, let width, let height):
                found.append(HashedFile(file: file, type: type, hash: hash, width: width, height: height))
            case .changed:
                meter.count { $0.skipped += 1 }
                meter.warn("\(file.path): it changed since it was found; the next scan will look at it again")
            case .unreadable(let error):
                meter.count { $0.skipped += 1 }
                meter.warn("\(error.description); skipped")
            case .stopped: break
            }
        }
        guard !found.isEmpty else { return }
        try scanner.willCommit()
        let library = scanner.library
        meter.count(try library.commit { try library.store.setContents(of: found, at: library.clock.now) })
    }
}

/// A file whose content is to be computed.
struct UnhashedFile: Sendable {
    var id: Int
    /// The absolute path.
    var path: String
    /// Bytes.
    var size: Int
    /// Modification time in nanoseconds since 1970.
    var modified: Int
}

/// A file whose content was computed.
struct HashedFile: Sendable {
    var file: UnhashedFile
    var type: MediaType
    var hash: ContentHash
    var width: Int?
    var height: Int?
}
