import Synchronization

/// The ``PathPolicy`` of now: made anew when the library's folders change, and at the latest after a while, so that
/// folders that appear, go or become links on the disk are noticed.
package final class PathAccess: Sendable {
    /// What may be read.
    package enum Rule: Hashable, Sendable {
        /// Everything that the process may read.
        case everything
        /// The library's folders.
        case library
        /// These folders, whatever the library has; absolute paths.
        case folders([String])
    }

    /// How long in milliseconds a policy may be used before the folders are looked at again.
    package static let patience: Milliseconds = 2_000

    private let library: Library
    private let threads: BlockingThreads
    private let rule: Rule
    private let clock: WallClock
    private let known: Mutex<(policy: PathPolicy, at: Milliseconds)?> = Mutex(nil)

    /// The policy over a library's folders; those are read on `threads`.
    package init(library: Library, threads: BlockingThreads, rule: Rule, clock: WallClock = .system) {
        self.library = library
        self.threads = threads
        self.rule = rule
        self.clock = clock
    }

    /// Whether there is anything that may not be read.
    package var isRestricted: Bool { rule != .everything }

    /// The policy; throws when the store cannot be read.
    package func policy() async throws -> PathPolicy {
        let now = clock.now
        let known = known.withLock { $0 }
        if let known, (0..<Self.patience).contains(now - known.at) { return known.policy }
        return try await refresh()
    }

    /// The policy, made anew; to be called when the library's folders changed.
    @discardableResult
    package func refresh() async throws -> PathPolicy {
        let now = clock.now
        let policy = try await threads.run { [library, rule] in
            let roots = try library.roots().map(\.path)
            let readable: [String]? =
                switch rule {
                case .everything: nil
                case .library: roots
                case .folders(let folders): folders
                }
            return PathPolicy(readable: readable, library: roots)
        }
        known.withLock { $0 = (policy, now) }
        return policy
    }
}
