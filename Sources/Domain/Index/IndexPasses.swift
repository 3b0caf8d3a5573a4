import Synchronization

/// Who waits for the index to be up to date, and what the next pass over the disk is to look at.
///
/// One scan task runs at a time. In it passes over the disk alternate with the hashing of contents, which can take hours
/// and gives way to them; so whoever wants an update while a scan runs gets a pass of that very task. What changed
/// before an update was asked for is seen by the pass that answers it: such a pass takes the changes when it begins, and
/// an update joins a pass that is under way only when nothing has changed since.
package final class IndexPasses: Sendable {
    /// What a pass does.
    struct Pass: Sendable {
        var changes: DirtyFolders = .nothing
        /// Whether all files are read again for what they say of themselves.
        var isRebuild = false

        var isNothing: Bool { changes == .nothing && !isRebuild }
    }

    typealias Waiter = @Sendable (Result<Void, any Error>) -> Void

    fileprivate struct State {
        var source: (any ChangeSource)?
        /// What no pass has taken yet; at first nobody knows what happened while the server was away.
        var owed = Pass(changes: .unknown)
        /// What the pass under way looks at.
        var taken: Pass?
        /// The task that was submitted and has not begun.
        var submitted: String?
        var isRunning = false
        var waiting: [Waiter] = []
        var answered: [Waiter] = []
        var listeners: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Held while a scan runs: one that nobody asked for is no task, so the tasks' turns do not keep it apart from others.
    let turn = Mutex(())

    /// Has changes told by someone who watches the folders; without one, every update walks all of them.
    package func use(_ source: (any ChangeSource)?) { state.withLock { $0.source = source } }

    /// Has `body` called after each pass, on the scan's thread: it must be quick.
    package func whenIndexed(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.listeners.append(body) } }

    /// What has changed and is not in the index yet, as far as that is known.
    var pending: DirtyFolders {
        state.withLock { state in
            let known = state.owed.changes.joined(state.taken?.changes ?? .nothing)
            return known == .unknown ? .unknown : known.joined(state.source?.dirty ?? .unknown)
        }
    }

    /// A number that is another one after every change on the disk; `nil` when nobody tells of all changes.
    var changeNumber: Int? { state.withLock { $0.source }?.changeNumber }

    /// The files that were open for writing, and have been closed, since the last call.
    func takeWritten() -> Set<ByteText> { state.withLock { $0.source }?.takeWritten() ?? [] }

    // MARK: - Who asks

    /// What is asked for.
    enum Wish: Hashable, Sendable {
        /// That the index knows what changed.
        case update
        /// That all files are read again.
        case rebuild
        /// That the index knows what changed in these folders, absolute and resolved.
        case folders(Set<ByteText>)
    }

    /// What a wish leads to.
    enum Request {
        /// The index is up to date; the waiter is forgotten.
        case current
        /// The waiter hears when it is.
        case waiting
        /// The waiter hears when it is, once a task of this id has been submitted.
        case submit(String)
    }

    /// Asks for a pass; `waiter` hears on any thread when it is done.
    func request(_ wish: Wish, id: @autoclosure () -> String, waiter: @escaping Waiter) -> Request {
        state.withLock { state in
            switch wish {
            case .update: state.takeDirty()
            case .rebuild: state.owed.isRebuild = true
            case .folders(let folders): state.owed.changes = state.owed.changes.joined(.folders(folders))
            }
            if state.owed.isNothing {
                guard state.taken != nil else { return .current }
                state.answered.append(waiter)
                return .waiting
            }
            state.waiting.append(waiter)
            guard !state.isRunning, state.submitted == nil else { return .waiting }
            let id = id()
            state.submitted = id
            return .submit(id)
        }
    }

    /// The task that was submitted came to nothing before it began.
    func gaveUp(_ task: String, _ error: any Error) {
        let waiters = state.withLock { state -> [Waiter] in
            guard state.submitted == task else { return [] }
            state.submitted = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiters { waiter(.failure(error)) }
    }

    // MARK: - The running task

    /// A scan begins; one that nobody here asked for looks itself for what changed.
    ///
    /// A scan of a part of the library is no pass, so it leaves the changes to those who look at them.
    func begin(_ task: String, isPart: Bool = false) {
        state.withLock { state in
            if state.submitted == task { state.submitted = nil } else if !isPart { state.takeDirty() }
            state.isRunning = true
        }
    }

    /// Begins a pass, which answers all who wait, and answers what it is to do; `all`: it walks everything in any case.
    func beginPass(all: Bool) -> Pass {
        state.withLock { state in
            var pass = state.owed
            if all { pass.changes = .unknown }
            state.owed = Pass()
            state.taken = pass
            state.answered += state.waiting
            state.waiting = []
            return pass
        }
    }

    /// The pass is done: what it was to see is in the index.
    func endPass() {
        let (waiters, listeners) = state.withLock { state -> ([Waiter], [@Sendable () -> Void]) in
            state.taken = nil
            defer { state.answered = [] }
            return (state.answered, state.listeners)
        }
        for listener in listeners { listener() }
        for waiter in waiters { waiter(.success(())) }
    }

    /// Whether someone waits for another pass.
    var isWanted: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// The task is to end: answers whether it may, which it may not while someone waits for another pass.
    func end() -> Bool {
        state.withLock { state in
            guard state.waiting.isEmpty else { return false }
            state.isRunning = false
            return true
        }
    }

    /// The task ends before its time; what its pass was to see is owed again.
    func fail(_ error: any Error) {
        let waiters = state.withLock { state -> [Waiter] in
            if let taken = state.taken {
                state.owed.changes = state.owed.changes.joined(taken.changes)
                state.owed.isRebuild = state.owed.isRebuild || taken.isRebuild
            }
            state.taken = nil
            state.isRunning = false
            defer {
                state.answered = []
                // A task that waits in the queue will answer those who asked for it.
                if state.submitted == nil { state.waiting = [] }
            }
            return state.answered + (state.submitted == nil ? state.waiting : [])
        }
        for waiter in waiters { waiter(.failure(error)) }
    }
}

extension IndexPasses.State {
    /// Asks who watches the folders, inside the lock: two who ask at once must not miss what the other was told.
    fileprivate mutating func takeDirty() {
        owed.changes = owed.changes.joined(source?.takeDirty() ?? .unknown)
    }
}
