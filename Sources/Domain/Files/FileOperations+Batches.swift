#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Many things done by one call.
///
/// To a client they are done one after the other. On the disk they are not: things that have nothing to do with each
/// other are planned together and share transactions and waits for the disk, which cost more than all the rest.
extension FileOperations {
    /// What is to be done with the path of a number, after what is done.
    typealias Planning = (_ number: Int, _ progress: FileProgress) throws -> FileJob

    /// Does the same with each path, in order; `plan` says what, and throws ``FileError``.
    ///
    /// Stops at the first failure and throws it as a ``FileFailure``, unless it `continues`. A side-car that went with
    /// its picture is not done again when it is named after it.
    func each(_ paths: [String], continues: Bool, _ plan: Planning) throws -> FileProgress {
        var progress = FileProgress()
        try each(paths, continues: continues, &progress, plan)
        return progress
    }

    /// As ``each(_:continues:_:)``; `progress` says what was done also when it throws.
    func each(_ paths: [String], continues: Bool, _ progress: inout FileProgress, _ plan: Planning) throws {
        defer { settle(progress.folders) }
        try work(Array(paths.indices)[...], paths, continues, &progress, plan)
    }

    private func work(
        _ numbers: ArraySlice<Int>,
        _ paths: [String],
        _ continues: Bool,
        _ progress: inout FileProgress,
        _ plan: Planning
    ) throws {
        var numbers = numbers
        while !numbers.isEmpty {
            let batch = try next(&numbers, paths, continues, &progress, plan)
            guard !batch.jobs.isEmpty else { continue }
            let again = try carryOut(batch, paths, continues, &progress)
            try work(again[...], paths, continues, &progress, plan)
            let left = batch.carried.filter { !isCarried(paths[$0], progress) }
            try work(left[...], paths, continues, &progress, plan)
        }
    }

    private func isCarried(_ path: String, _ progress: FileProgress) -> Bool {
        guard !progress.sideCars.isEmpty, let place = Self.location(path) else { return false }
        return progress.sideCars.contains(ByteText(place))
    }

    /// Takes the next paths off `numbers` that can be done together.
    private func next(
        _ numbers: inout ArraySlice<Int>,
        _ paths: [String],
        _ continues: Bool,
        _ progress: inout FileProgress,
        _ plan: Planning
    ) throws -> FileBatch {
        var batch = FileBatch()
        while let number = numbers.first, !batch.isFull {
            let path = paths[number]
            let place = batch.jobs.isEmpty && progress.sideCars.isEmpty ? nil : Self.location(path)
            if let place, progress.sideCars.contains(ByteText(place)) {
                numbers.removeFirst()
                continue
            }
            if let place, batch.carries(place) {
                batch.carried.append(numbers.removeFirst())
                continue
            }
            // What others of the batch change is judged when it is done.
            if let place, batch.touches(place) { break }
            do {
                guard batch.add(try plan(number, progress), number) else { break }
            } catch let error as FileError {
                guard batch.jobs.isEmpty || continues && isFinal(error, batch) else { break }
                let failure = FileFailure(path: path, error: error)
                guard continues else { throw failure }
                progress.failures[number] = failure
            }
            numbers.removeFirst()
        }
        return batch
    }

    /// Whether an error would be the same if the batch were done.
    private func isFinal(_ error: FileError, _ batch: FileBatch) -> Bool {
        switch error {
        case .missing(let given): Self.location(given).map { !batch.touches($0) } ?? true
        case .exists(let path): !batch.touches(path)
        case .forbidden: true
        default: false
        }
    }

    /// Does the jobs of a batch; answers those that have to be planned again, because they go to another file system.
    private func carryOut(
        _ batch: FileBatch,
        _ paths: [String],
        _ continues: Bool,
        _ progress: inout FileProgress
    ) throws -> [Int] {
        var again: [Int] = []
        for ((number, job), outcome) in zip(batch.jobs, try outcomes(batch, continues)) {
            switch outcome {
            case .done: progress.note(job)
            case .notTried: again.append(number)
            case .failed(let error as SystemError) where error.code == EXDEV && job.passage != nil:
                if let passage = job.passage { progress.crossings.insert(passage) }
                again.append(number)
            case .failed(let error):
                let failure = FileFailure(path: paths[number], error: job.failure(error) ?? .stuck(paths[number]))
                guard continues else { throw failure }
                progress.failures[number] = failure
            }
        }
        return again
    }

    private func outcomes(_ batch: FileBatch, _ continues: Bool) throws -> [PlanRunner.Outcome] {
        do {
            return try runner.run(batch.jobs.map(\.job.plan), goesOn: continues)
        } catch let error where error is SystemError || error is FileError {
            return batch.jobs.map { _ in .failed(error) }
        }
    }
}
