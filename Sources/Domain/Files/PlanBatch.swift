/// Plans that are carried out together, and how far each is.
///
/// They were made before any of them began, so none may need what another does.
struct PlanBatch {
    /// How far a plan is.
    private enum State {
        /// It waits for its steps.
        case open
        /// All its steps are on the disk.
        case done
        /// It failed, or was not tried because another one failed (`nil`); `isUndone` when the disk is as before.
        case ended((any Error)?, isUndone: Bool)
    }

    /// Of each plan, how it is known in the store.
    let ids: [Int]
    /// With what has been learnt of their copies.
    var plans: [FilePlan]
    private var states: [State]

    init(_ plans: [FilePlan], ids: [Int]) {
        self.plans = plans
        self.ids = ids
        states = Array(repeating: .open, count: plans.count)
    }

    /// The plans that wait for their steps, in order.
    var open: [Int] { states.indices.filter(isOpen) }

    /// The plans that are done, in order.
    var done: [Int] {
        states.indices.filter { index in
            if case .done = states[index] { true } else { false }
        }
    }

    /// The notes of plans that ended without having changed anything.
    var undone: [Int] {
        zip(ids, states).compactMap { id, state in
            if case .ended(_, isUndone: true) = state { id } else { nil }
        }
    }

    /// What became of each plan.
    var outcomes: [PlanRunner.Outcome] {
        states.map { state in
            switch state {
            case .done: .done
            case .open, .ended(nil, _): .notTried
            case .ended(.some(let error), _): .failed(error)
            }
        }
    }

    func isOpen(_ index: Int) -> Bool {
        if case .open = states[index] { true } else { false }
    }

    mutating func noteDone(_ index: Int) { states[index] = .done }

    /// Notes the end of a plan that failed or, without an error, was not tried.
    mutating func noteEnd(_ index: Int, _ error: (any Error)?, isUndone: Bool) {
        states[index] = .ended(error, isUndone: isUndone)
    }

    /// Notes that the notes of plans that had failed could not be removed.
    mutating func noteStuck() {
        for index in states.indices {
            guard case .ended(.some, isUndone: true) = states[index] else { continue }
            states[index] = .ended(stuck(index), isUndone: false)
        }
    }

    /// What a client is told of a plan that could not be undone.
    func stuck(_ index: Int) -> FileError { .stuck(plans[index].folders.first ?? "") }
}
