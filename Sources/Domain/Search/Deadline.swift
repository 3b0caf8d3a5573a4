/// A moment after which work is given up.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    /// The deadline this long from now.
    init(in duration: Duration) { end = .now + duration }

    var isOver: Bool { ContinuousClock.now >= end }
}
