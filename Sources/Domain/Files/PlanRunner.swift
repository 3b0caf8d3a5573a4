import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Carries out plans so that disk and rows agree, whatever fails and whenever the process ends.
///
/// Plans are written down before the disk is touched. What fails is undone at once; what a crash leaves behind,
/// ``recover()`` finishes or undoes at the next start.
final class PlanRunner: Sendable {
    let library: Library
    let files: any FileSystem
    let logger: Logger
    /// For tests: called before each write to the store; what it throws ends the operation as a failing disk would.
    let willCommit: @Sendable () throws -> Void
    /// Held while files change their names until the rows have followed, so that rows follow in the order of the disk.
    private let turn = Mutex(())

    init(library: Library, files: any FileSystem, logger: Logger, willCommit: @escaping @Sendable () throws -> Void) {
        self.library = library
        self.files = files
        self.logger = logger
        self.willCommit = willCommit
    }

    /// What became of a plan of a batch.
    enum Outcome {
        case done
        /// Nothing has changed, or, of ``FileError/stuck(_:)``, the next start will see to it.
        case failed(any Error)
        /// One before it failed.
        case notTried
    }

    /// Carries out plans in order, each as a whole or not at all; none may need what another does.
    ///
    /// All are written down in one transaction, and all rows follow in another. After a plan that fails the rest is left,
    /// unless it `goesOn`. Throws what the store threw, GRDB's `DatabaseError`, and ``FileError/stuck(_:)`` when what was
    /// begun could then not be undone; without that nothing has changed.
    func run(_ plans: [FilePlan], goesOn: Bool) throws -> [Outcome] {
        try willCommit()
        let ids = try library.store.beginOperations(plans, at: library.clock.now)
        var batch = PlanBatch(plans, ids: ids)
        do {
            try makeCopies(&batch, goesOn)
        } catch {
            try undo(&batch, because: error)
        }
        try turn.withLock { _ in
            do {
                performSteps(&batch, goesOn)
                try commit(&batch)
            } catch {
                try undo(&batch, because: error)
            }
        }
        finish(batch.done.map { (batch.ids[$0], batch.plans[$0]) })
        return batch.outcomes
    }

    // MARK: - Copying

    /// Makes the copies of all plans, waits until they are on the disk, and notes it.
    private func makeCopies(_ batch: inout PlanBatch, _ goesOn: Bool) throws {
        guard batch.plans.contains(where: { !$0.copies.isEmpty }) else { return }
        let plans = batch.plans
        let waiting = Mutex([[String]](repeating: [], count: plans.count))
        let failures = FileThreads.each(plans.count) { [files] index throws(SystemError) in
            var made: [String] = []
            for copy in plans[index].copies { try files.copyTree(copy.source, to: copy.target, waiting: &made) }
            waiting.withLock { $0[index] = made }
        }
        for (index, error) in failures.enumerated() where batch.isOpen(index) {
            if let error { fail(index, error, goesOn, &batch) }
        }
        let made = waiting.withLock { $0 }
        let written = batch.open.flatMap { index in made[index].map { (index, $0) } }
        for (file, error) in zip(written, files.flushFiles(written.map(\.1))) where batch.isOpen(file.0) {
            if let error { fail(file.0, error, goesOn, &batch) }
        }
        for index in batch.plans.indices where batch.isOpen(index) {
            do {
                try noteCopies(&batch.plans[index])
            } catch {
                fail(index, error, goesOn, &batch)
            }
        }
        let ready = batch.open.filter { !batch.plans[$0].copies.isEmpty }
        guard !ready.isEmpty else { return }
        try willCommit()
        try library.store.continueOperations(ready.map { (batch.ids[$0], batch.plans[$0]) })
    }

    /// Lets a plan know its copies again by what they are on the disk.
    private func noteCopies(_ plan: inout FilePlan) throws(SystemError) {
        for copy in plan.copies {
            guard let made = try files.node(copy.target) else { throw SystemError(code: ENOENT, action: copy.target) }
            for (index, step) in plan.steps.enumerated() {
                guard case .rename(copy.target, let to, _) = step else { continue }
                plan.steps[index] = .rename(from: copy.target, to: to, node: made)
            }
        }
    }

    // MARK: - Changing

    private func performSteps(_ batch: inout PlanBatch, _ goesOn: Bool) {
        for index in batch.plans.indices where batch.isOpen(index) {
            var done = 0
            do {
                for step in batch.plans[index].steps {
                    try perform(step)
                    done += 1
                }
                batch.noteDone(index)
            } catch {
                fail(index, error, done: done, goesOn, &batch)
            }
        }
    }

    private func perform(_ step: FilePlan.Step) throws(SystemError) {
        switch step {
        case .rename(let from, let to, let node):
            try check(from, node)
            try files.rename(from, to: to)
        case .flush(let folder): try files.flush(folder)
        case .compare(let original, let copy): try files.checkCopy(copy, of: original)
        case .expectEmpty(let folder): try expectEmpty(folder)
        }
    }

    func expectEmpty(_ folder: String) throws(SystemError) {
        var isEmpty = false
        do {
            isEmpty = try files.names(in: folder).isEmpty
        } catch  where error.code == EILSEQ {}
        guard isEmpty else { throw SystemError(code: ENOTEMPTY, action: folder) }
    }

    /// Throws when something else lies at a path than when the plan was made.
    private func check(_ path: String, _ node: FileNode) throws(SystemError) {
        guard let now = try files.node(path) else { throw SystemError(code: ENOENT, action: path) }
        // Numbers are used again soon, so a file must be as it was as well.
        let isSame = now.isSame(as: node) && (node.kind == .folder || now.modified == node.modified)
        guard isSame else { throw SystemError(code: ESTALE, action: path) }
    }

    // MARK: - Rows

    /// Lets the rows follow all plans that are done, and forgets those that failed.
    private func commit(_ batch: inout PlanBatch) throws {
        guard batch.done.isEmpty else {
            return try commit(batch.done.map { (batch.ids[$0], batch.plans[$0]) }, ending: batch.undone)
        }
        do {
            try end(batch.undone)
        } catch {
            logger.error("notes of operations could not be removed", metadata: ["error": "\(error)"])
            batch.noteStuck()
        }
    }

    /// Lets the rows follow and tells of it; `undone` are operations that end without a change.
    func commit(_ done: [(id: Int, plan: FilePlan)], ending undone: [Int] = []) throws {
        try willCommit()
        let done = try done.map { ($0.id, try withoutHidden($0.plan)) }
        var folders: [Int] = []
        _ = try library.commit {
            let (changes, moved) = try library.store.commitOperations(done, ending: undone)
            folders = moved
            return changes
        }
        for folder in folders { tellOfFiles(below: folder) }
    }

    /// A plan whose rows say of what gets a hidden name, or goes into a folder that scans leave out, what a scan would
    /// say: it is gone, and what people said of it waits.
    private func withoutHidden(_ plan: FilePlan) throws -> FilePlan {
        let roots = try library.roots()
        var plan = plan
        plan.rows = plan.rows.map { row in
            guard case .moved(let from, let to, _) = row,
                roots.contains(where: { root in root.relative(to).map { library.leavesOut($0, of: root) } ?? false })
            else { return row }
            return .removed(from, isKept: true)
        }
        return plan
    }

    private func tellOfFiles(below folder: Int) {
        var last = 0
        var isDone = false
        while !isDone {
            // Read while nothing else is committed, so that nobody hears of an older state after a newer one.
            _ = try? library.commit {
                let items = (try? library.store.itemsBelow(folder, after: last, limit: Event.itemsLimit)) ?? []
                last = items.last?.id ?? last
                isDone = items.count < Event.itemsLimit
                return LibraryChanges(changed: items, counts: try library.store.libraryCounts())
            }
        }
    }

    /// Removes what is left after the rows have followed; what cannot be removed is tried again at the next start.
    func finish(_ operations: [(id: Int, plan: FilePlan)]) {
        let operations = operations.filter { !$0.plan.leftovers.isEmpty }
        let errors = FileThreads.each(operations.count) { [files] index throws(SystemError) in
            for path in operations[index].plan.leftovers { try files.removeTree(path) }
        }
        for case let error? in errors {
            logger.error("what was moved or deleted is still there", metadata: ["error": "\(error)"])
        }
        do {
            try end(zip(operations, errors).compactMap { operation, error in error == nil ? operation.id : nil })
        } catch {
            logger.error("notes of operations could not be removed", metadata: ["error": "\(error)"])
        }
    }

    func end(_ ids: [Int]) throws {
        guard !ids.isEmpty else { return }
        try willCommit()
        try library.store.endOperations(ids)
    }
}
