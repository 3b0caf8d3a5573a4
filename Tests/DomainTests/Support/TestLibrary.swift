import Synchronization

@testable import Domain

/// A library over a real database in a temporary folder, that keeps its events.
final class TestLibrary: Sendable {
    let folder: TemporaryFolder
    let data: DataDirectory
    let library: Library
    private let heard = Mutex<[Event]>([])
    private let lines = Mutex<[String]>([])
    private let time = TestTime()

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        data = try DataDirectory(path: folder.path + "/data")
        let store = try Store(path: data.database)
        let journal = Journal(epoch: "test")
        let time = self.time
        let clock = WallClock { time.now }
        library = Library(store: store, journal: journal, excluded: Set(data.privateFolders), clock: clock)
        journal.listen { [weak self] entry in self?.heard.withLock { $0.append(entry.event) } }
    }

    var store: Store { library.store }

    func advance(_ milliseconds: Milliseconds) { time.advance(milliseconds) }

    /// The events since the last call.
    func events() -> [Event] { heard.withLock { exchange(&$0, with: []) } }

    /// The log lines since the last call.
    func log() -> [String] { lines.withLock { exchange(&$0, with: []) } }

    func write(_ line: String) { lines.withLock { $0.append(line) } }

    @discardableResult
    func scan(_ path: String? = nil, full: Bool = false) throws -> ScanReport {
        try Scanner(library: library, threads: 2).scan(
            folder: path,
            full: full,
            log: { [self] _, line in write(line) }
        )
    }

    /// The paths of all files, sorted.
    func paths() throws -> [String] { try store.newestItems(limit: 100_000).map(\.path).sorted() }

    func context(_ params: JSON = [:]) -> TaskContext {
        TaskContext(
            task: "t",
            params: params,
            attempt: 1,
            report: { _ in },
            write: { [self] _, line in write(line) }
        )
    }
}

/// A clock that stands until it is told to move.
final class TestTime: Sendable {
    private let time = Mutex<Milliseconds>(1_000_000)

    var now: Milliseconds { time.withLock { $0 } }

    func advance(_ milliseconds: Milliseconds) { time.withLock { $0 += milliseconds } }
}

/// A generator whose numbers follow from its seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

/// Puts a new value in place of one and answers the old.
private func exchange<Value>(_ place: inout Value, with value: Value) -> Value {
    let old = place
    place = value
    return old
}
