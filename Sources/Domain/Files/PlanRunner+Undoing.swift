import Logging

extension PlanRunner {
    /// Takes back the first steps of a plan that failed; those behind it are left, unless it `goesOn`.
    func fail(_ index: Int, _ error: any Error, done: Int = 0, _ goesOn: Bool, _ batch: inout PlanBatch) {
        let isUndone = undo(batch.plans[index], done: done)
        batch.noteEnd(index, isUndone ? error : batch.stuck(index), isUndone: isUndone)
        guard !goesOn else { return }
        for later in batch.plans.indices.dropFirst(index + 1) where batch.isOpen(later) {
            batch.noteEnd(later, nil, isUndone: undo(batch.plans[later], done: 0))
        }
    }

    /// Takes back everything after the store has failed, and throws why.
    func undo(_ batch: inout PlanBatch, because cause: any Error) throws -> Never {
        var stuck: FileError?
        let done = Set(batch.done)
        for index in batch.plans.indices.reversed() where batch.isOpen(index) || done.contains(index) {
            let plan = batch.plans[index]
            let isUndone = undo(plan, done: done.contains(index) ? plan.steps.count : 0)
            if !isUndone { stuck = batch.stuck(index) }
            batch.noteEnd(index, cause, isUndone: isUndone)
        }
        do {
            try end(batch.undone)
        } catch {
            logger.error("notes of operations could not be removed", metadata: ["error": "\(error)"])
            stuck = stuck ?? batch.stuck(0)
        }
        throw stuck ?? cause
    }

    /// Takes back the first steps of a plan and its copies; answers whether it could.
    private func undo(_ plan: FilePlan, done: Int) -> Bool {
        do {
            for step in plan.steps.prefix(done).reversed() {
                if case .rename(let from, let to, _) = step { try files.rename(to, to: from) }
            }
            for copy in plan.copies { try files.removeTree(copy.target) }
            return true
        } catch {
            logger.error(
                "an operation could not be undone; the next start tries again",
                metadata: ["error": "\(error)", "plan": "\(plan.rows)"]
            )
            return false
        }
    }
}
