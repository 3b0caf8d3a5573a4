import Dispatch

/// Writes what a scan found, in transactions that are as large as others' writing allows.
///
/// A transaction writes every page that it touches, and the tags of a few files lie on hundreds of pages, so batches
/// grow as long as nobody else wants to write; when someone had to be waited for, they become small.
///
/// Not `Sendable` by nature; only one thread at a time uses it.
final class ScanWriter: @unchecked Sendable {
    // Unchecked: the scan's writing thread uses it until it has ended, then the thread that waited for that.

    /// Milliseconds after which a batch that is not full is written, so that people see a slow scan move.
    private static let patience = 250
    /// How many files the next batch has at least, when others are writing too.
    private static let least = 64

    private let scanner: Scanner
    private let meter: ScanMeter
    private var batch = ScanBatch()
    private var tags = TagCache()
    /// How many files the next batch should have.
    private var wanted = 128
    /// When the batch is written even though it is not full.
    private(set) var deadline = DispatchTime.distantFuture

    init(scanner: Scanner, meter: ScanMeter) {
        self.scanner = scanner
        self.meter = meter
    }

    var isEmpty: Bool { batch.isEmpty }

    /// Takes in what was found; writes what is full.
    func add(_ found: ScanBatch) throws {
        if batch.count + found.count > ScanBatch.limit { try write() }
        if batch.isEmpty { deadline = .now() + .milliseconds(Self.patience) }
        batch.add(found)
        if batch.count >= wanted || deadline <= .now() { try write() }
    }

    /// Writes what is there.
    func write() throws {
        guard !batch.isEmpty else { return }
        try scanner.willCommit()
        let library = scanner.library
        let waits = OwnThreads.waits
        var hadToWait = false
        do {
            let changes = try library.commit {
                try library.store.apply(batch, tags: &tags, at: library.clock.now) {
                    hadToWait = OwnThreads.waits > waits
                }
            }
            meter.count(changes)
        } catch {
            batch = ScanBatch()
            throw error
        }
        wanted = hadToWait ? max(Self.least, wanted / 4) : min(ScanBatch.limit, wanted * 2)
        batch = ScanBatch()
    }

    /// Removes all that is left at and below a folder.
    func remove(_ path: String, of root: LibraryRoot, stop: StopFlag) throws {
        let library = scanner.library
        var isDone = false
        while !isDone, !stop.isSet {
            try scanner.willCommit()
            let changes = try library.commit {
                guard let changes = try library.store.removeNext(under: path, of: root, limit: 200) else {
                    isDone = true
                    return LibraryChanges()
                }
                return changes
            }
            meter.count(changes)
        }
    }
}
