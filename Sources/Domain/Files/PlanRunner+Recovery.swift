import Logging

extension PlanRunner {
    /// How long a note is kept of an operation on a disk that is not there.
    private static let patience: Milliseconds = 30 * 86_400_000

    /// Finishes or undoes what a crash left behind, and logs what it did; answers how many operations there were.
    ///
    /// An operation whose steps all reached the disk is finished, any other is undone. Throws GRDB's `DatabaseError`.
    @discardableResult
    func recover() throws -> Int {
        try willCommit()
        let (operations, unreadable) = try library.store.unfinishedOperations()
        if unreadable > 0 {
            logger.error("notes of operations on files could not be read", metadata: ["count": "\(unreadable)"])
        }
        for operation in operations {
            do {
                try recover(operation)
            } catch {
                logger.error(
                    "an operation could neither be finished nor undone; the next start tries again",
                    metadata: ["error": "\(error)", "operation": "\(operation.plan.rows)"]
                )
            }
        }
        return operations.count + unreadable
    }

    private func recover(_ operation: Store.UnfinishedOperation) throws {
        let plan = operation.plan
        // A disk that is not there now may show later what became of it.
        let isReachable = try plan.folders.allSatisfy { try files.node($0)?.kind == .folder }
        if !isReachable, library.clock.now - operation.started < Self.patience {
            logger.warning("folders of an unfinished operation are missing", metadata: ["folders": "\(plan.folders)"])
            return
        }
        switch operation.phase {
        case .cleaning: finish([(operation.id, plan)])
        case .copying:
            for copy in plan.copies { try files.removeTree(copy.target) }
            try end([operation.id])
            tell("undone", plan)
        case .changing:
            if try isComplete(plan) {
                try commit([(operation.id, plan)])
                finish([(operation.id, plan)])
                tell("finished", plan)
            } else {
                try takeBack(plan, operation.id)
                tell("undone", plan)
            }
        }
    }

    private func tell(_ outcome: String, _ plan: FilePlan) {
        logger.notice("an interrupted operation on files was \(outcome)", metadata: ["operation": "\(plan.rows)"])
    }

    /// Whether all steps reached the disk; of comparisons, whether they hold now.
    private func isComplete(_ plan: FilePlan) throws(SystemError) -> Bool {
        for step in plan.steps {
            switch step {
            case .rename(let from, let to, let node):
                guard try place(from, to, node) == .target else { return false }
            case .compare(let original, let copy):
                guard holds({ () throws(SystemError) in try files.checkCopy(copy, of: original) }) else { return false }
            case .expectEmpty(let folder):
                guard holds({ () throws(SystemError) in try expectEmpty(folder) }) else { return false }
            case .flush(let folder): try files.flush(folder)
            }
        }
        return true
    }

    private func holds(_ body: () throws(SystemError) -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            return false
        }
    }

    /// Where something is that was to change its path.
    private enum Place {
        case source
        case target
        /// Under both paths, where a file system knows no other way to change one safely.
        case both
        case nowhere
    }

    private func place(_ from: String, _ to: String, _ node: FileNode) throws(SystemError) -> Place {
        let source = try files.node(from)
        let target = try files.node(to)
        let isAtSource = source.map { $0.device == node.device && $0.inode == node.inode } ?? false
        guard target?.isSame(as: node) ?? false else {
            return isAtSource || source?.isSame(as: node) ?? false ? .source : .nowhere
        }
        guard isAtSource else { return .target }
        return target?.inode == node.inode && target?.device == node.device ? .both : .source
    }

    private func takeBack(_ plan: FilePlan, _ id: Int) throws {
        var plan = plan
        var staying: [FileRowChange] = []
        for step in plan.steps.reversed() {
            guard case .rename(let from, let to, let node) = step else { continue }
            switch try place(from, to, node) {
            case .source, .nowhere: break
            case .both: try files.removeFile(to)
            case .target:
                if try putBack(to, from) { break }
                staying += plan.rows.filter { row in
                    if case .moved(from, to, _) = row { true } else { false }
                }
            }
        }
        for copy in plan.copies { try files.removeTree(copy.target) }
        guard !staying.isEmpty else { return try end([id]) }
        plan.rows = staying
        plan.leftovers = []
        try commit([(id, plan)])
    }

    /// Gives something its path again; answers whether it has it.
    ///
    /// When another file has taken the path meanwhile, what has a visible name keeps that, and what is hidden gets a
    /// free name beside it.
    private func putBack(_ place: String, _ origin: String) throws(SystemError) -> Bool {
        do {
            try files.rename(place, to: origin)
            return true
        } catch {
            guard try files.node(origin) != nil else { throw error }
            guard HiddenName.isHidden(place) else { return false }
            for number in 2..<1000 {
                let free = FileName.numbered(origin, number)
                guard try files.node(free) == nil else { continue }
                try files.rename(place, to: free)
                logger.warning("a file is under another name", metadata: ["was": "\(origin)", "is": "\(free)"])
                return false
            }
            throw error
        }
    }
}
