import Logging
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Carries out plans so that disk and rows agree, whatever fails and whenever the process ends.
///
/// A plan is written down before the disk is touched. What fails is undone at once; what a crash leaves behind,
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

    /// Carries out a plan as a whole or not at all.
    ///
    /// Throws the ``SystemError`` of what failed, ``FileError/stuck(_:)`` when what was begun could not be undone, and
    /// GRDB's `DatabaseError`.
    func run(_ plan: FilePlan) throws {
        var plan = plan
        let hasCopies = !plan.copies.isEmpty
        try willCommit()
        let id = try library.store.beginOperation(
            plan,
            phase: hasCopies ? .copying : .changing,
            at: library.clock.now,
            durably: !hasCopies && plan.hidesSources
        )
        if hasCopies {
            do {
                try makeCopies(&plan)
                try willCommit()
                try library.store.continueOperation(id, plan, durably: plan.hidesSources)
            } catch {
                try undo(plan, done: 0, id)
                throw error
            }
        }
        let ready = plan
        try turn.withLock { _ in
            var done = 0
            do {
                for step in ready.steps {
                    try perform(step)
                    done += 1
                }
                try commit(id, ready)
            } catch {
                try undo(ready, done: done, id)
                throw error
            }
        }
        finish(id, ready)
    }

    private func makeCopies(_ plan: inout FilePlan) throws(SystemError) {
        for copy in plan.copies {
            try files.copyTree(copy.source, to: copy.target)
            guard let made = try files.node(copy.target) else { throw SystemError(code: ENOENT, action: copy.target) }
            for (index, step) in plan.steps.enumerated() {
                guard case .rename(copy.target, let to, _) = step else { continue }
                plan.steps[index] = .rename(from: copy.target, to: to, node: made)
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

    /// Lets the rows follow and tells of it.
    func commit(_ id: Int, _ plan: FilePlan) throws {
        try willCommit()
        var folders: [Int] = []
        _ = try library.commit {
            let (changes, moved) = try library.store.commitOperation(id, plan)
            folders = moved
            return changes
        }
        for folder in folders { tellOfFiles(below: folder) }
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
    func finish(_ id: Int, _ plan: FilePlan) {
        guard !plan.leftovers.isEmpty else { return }
        do {
            for path in plan.leftovers { try files.removeTree(path) }
            try end(id)
        } catch {
            logger.error("what was moved or deleted is still there", metadata: ["error": "\(error)"])
        }
    }

    /// Takes back the first steps of a plan and its copies.
    private func undo(_ plan: FilePlan, done: Int, _ id: Int) throws {
        do {
            for step in plan.steps.prefix(done).reversed() {
                if case .rename(let from, let to, _) = step { try files.rename(to, to: from) }
            }
            for copy in plan.copies { try files.removeTree(copy.target) }
            try end(id)
        } catch {
            logger.error(
                "an operation could not be undone; the next start tries again",
                metadata: ["error": "\(error)", "plan": "\(plan.rows)"]
            )
            throw FileError.stuck(plan.folders.first ?? "")
        }
    }

    func end(_ id: Int) throws {
        try willCommit()
        try library.store.endOperation(id)
    }
}
