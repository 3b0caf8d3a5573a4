import Synchronization

/// Feeds the text index behind everything else: a thread of its own, small transactions, others' writes in between.
///
/// What it did is in the store, so a restart goes on where it stopped. A search finds everything all the same; it only
/// takes longer for what is not taken in yet.
final class TextIndexer: Sendable {
    /// How many texts one transaction takes in at first and at most.
    ///
    /// It grows as long as nobody else had to be waited for: what a transaction takes in becomes a part of the index, and
    /// few large parts cost far less than many small ones, which are joined again and again.
    private static let texts = (first: 128, most: 4_096)
    /// After how many milliseconds it ends at first and at most.
    private static let times = (first: 8, most: 64)
    /// After so many texts at once the whole index is put in order.
    private static let orderAfter = 5_000
    private static let mergePages = 32

    private struct State {
        var isRunning = false
        /// Whether something came while it ran.
        var isWanted = false
        var isStopped = false
    }

    /// What the thread shares with the indexer; it outlives it for a moment.
    private final class Work: Sendable {
        let store: Store
        let state = Mutex(State())

        init(store: Store) { self.store = store }

        var isStopped: Bool { state.withLock { $0.isStopped } }
    }

    private let work: Work

    init(store: Store) { work = Work(store: store) }

    deinit { stop() }

    /// Starts the thread, unless it runs.
    func wake() {
        let starts = work.state.withLock { state in
            state.isWanted = true
            guard !state.isRunning, !state.isStopped else { return false }
            state.isRunning = true
            return true
        }
        guard starts else { return }
        OwnThreads.detach("texts") { [work] in
            OwnThreads.giveWay()
            Self.run(work)
        }
    }

    /// Ends the thread after the transaction it is in, for good.
    func stop() { work.state.withLock { $0.isStopped = true } }

    private static func run(_ work: Work) {
        while work.state.withLock({ state in
            state.isRunning = state.isWanted && !state.isStopped
            state.isWanted = false
            return state.isRunning
        }) {
            // What fails now, such as a full disk, is tried again when there is more to do.
            try? pass(work)
        }
    }

    private static func pass(_ work: Work) throws {
        var count = 0
        var (limit, time) = (texts.first, times.first)
        while !work.isStopped {
            let waits = OwnThreads.waits
            var hadToWait = false
            let taken = try work.store.indexTexts(limit: limit, time: .milliseconds(time)) {
                hadToWait = OwnThreads.waits > waits
            }
            guard taken > 0 else { break }
            count += taken
            time = hadToWait ? times.first : min(2 * time, times.most)
            limit = hadToWait ? texts.first : min(2 * taken, texts.most)
        }
        guard count > 0 else { return }
        while !work.isStopped, try work.store.mergeTexts(all: count >= orderAfter, pages: mergePages) {}
    }
}
