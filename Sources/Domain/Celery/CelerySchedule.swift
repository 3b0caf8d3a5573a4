/// When to look after the tasks on Celery.
///
/// Soon after an offer, then less and less often, workers are asked what they run, which tells what has begun. From
/// time to time all places are searched, which tells what is lost.
struct CelerySchedule {
    /// What there is to do.
    enum Step: Hashable {
        case look
        case search
    }

    static let firstLook: Milliseconds = 150
    static let lastLook: Milliseconds = 2_000
    private static let retryAfter: Milliseconds = 1_000

    private let searchEvery: Milliseconds
    private var pause = firstLook
    private var lookAt: Milliseconds?
    private var searchAt: Milliseconds?
    private(set) var retryAt: Milliseconds?

    /// Four searches in the time after which a task is lost, at least one in 15 s.
    init(lostAfter: Milliseconds) {
        searchEvery = min(15_000, max(200, lostAfter / 4))
    }

    /// Something began: look soon.
    mutating func hurry(_ now: Milliseconds) {
        pause = Self.firstLook
        lookAt = min(lookAt ?? .max, now + pause)
    }

    /// Something was refused: try again in a while.
    mutating func retry(_ now: Milliseconds) {
        if retryAt == nil { retryAt = now + Self.retryAfter }
    }

    /// When to do what; `nil` when there is nothing to look after.
    mutating func next(_ book: CeleryBook, _ now: Milliseconds) -> (at: Milliseconds, step: Step)? {
        guard book.isConnected, !book.attempts.isEmpty else {
            (lookAt, searchAt) = (nil, nil)
            return nil
        }
        let look = lookAt ?? now + pause
        let search = searchAt ?? now + searchEvery
        (lookAt, searchAt) = (look, search)
        return look < search ? (look, .look) : (search, .search)
    }

    /// Notes that a step was made.
    mutating func done(_ step: Step, _ now: Milliseconds) {
        pause = min(Self.lastLook, pause * 2)
        lookAt = now + pause
        if step == .search { searchAt = now + searchEvery }
    }

    /// Whether to try again now what was refused.
    mutating func takeRetry(_ now: Milliseconds) -> Bool {
        guard let time = retryAt, now >= time else { return false }
        retryAt = nil
        return true
    }
}
