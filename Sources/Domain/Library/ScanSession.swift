import Foundation
import Synchronization

/// A scan as a task: passes over the disk, and the hashing of contents in between and after.
struct ScanSession: Sendable {
    /// What a scan was asked to look at.
    enum Task: Hashable, Sendable {
        /// All roots, or a folder; full: also files that look unchanged.
        case scan(folder: String?, full: Bool)
        /// What changed, as far as that is known.
        case changes
        /// All files, for what they say of themselves.
        case rebuild

        /// Whether it looks at a part of the library only.
        var isPart: Bool { if case .scan(.some, _) = self { true } else { false } }
    }

    let scanner: Scanner
    let stop: StopFlag
    let progress: ScanMeter.Report
    let log: @Sendable (LogLevel, String) -> Void

    private var passes: IndexPasses { scanner.library.passes }

    /// Runs the task of this id to its end, with all passes that others ask for meanwhile; throws as ``Scanner/scan``.
    func run(_ task: Task, id: String) throws -> ScanReport {
        // Who waits for a scan that is no task can be stopped all the same.
        while !stop.isSet {
            if let report = try passes.turn.withLockIfAvailable({ _ in try runAlone(task, id: id) }) { return report }
            // A thread of the scan's own; a lock cannot be waited for and given up.
            Thread.sleep(forTimeInterval: 0.02)
        }
        passes.gaveUp(id, CancellationError())
        throw CancellationError()
    }

    private func runAlone(_ task: Task, id: String) throws -> ScanReport {
        let meter = ScanMeter(report: progress, log: log)
        passes.begin(id, isPart: task.isPart)
        do {
            let begun = Result { try first(task, meter) }
            // That one folder cannot be scanned is no reason why others should not have their update.
            if case .failure(let error) = begun, !task.isPart || stop.isSet { throw error }
            var written: Set<ByteText> = []
            repeat {
                if passes.isWanted { try pass(.changes, meter) }
                try lookAgain(&written)
                // What a pass finds anew may stand before what was hashed, but files that could not be hashed are not
                // tried again and again.
                var start = 0
                while let next = try scanner.hash(meter: meter, stop: stop, after: start, unless: { passes.isWanted }) {
                    start = next
                    try pass(.changes, meter)
                }
            } while !written.isEmpty || !passes.end()
            try begun.get()
        } catch {
            passes.fail(error)
            throw error
        }
        return meter.finish()
    }

    private func first(_ task: Task, _ meter: ScanMeter) throws {
        guard case .scan(let folder?, let full) = task else { return try pass(task, meter) }
        // A part of the library is nobody's update.
        try scanner.index(.tree(folder), reading: full ? .allAndContents : .none, meter: meter, stop: stop)
    }

    /// Looks at the contents of files that were written to and look as they did; those that are others now get a pass.
    private func lookAgain(_ written: inout Set<ByteText>) throws {
        written.formUnion(passes.takeWritten())
        let folders = try scanner.library.verify(&written, stop: stop) { passes.isWanted }
        // Nobody waits for it.
        if !folders.isEmpty { _ = passes.request(.folders(folders), id: "") { _ in } }
    }

    private func pass(_ task: Task, _ meter: ScanMeter) throws {
        let all = if case .scan = task { true } else { false }
        let pass = passes.beginPass(all: all)
        var reading: ScanWalker.Reading = pass.isRebuild || task == .rebuild ? .all : .none
        if case .scan(_, full: true) = task { reading = .allAndContents }
        let extent: ScanExtent =
            switch pass.changes {
            case _ where reading != .none: .everything
            case .nothing: .folders([])
            case .folders(let folders): .folders(folders)
            case .unknown: .everything
            }
        try scanner.index(extent, reading: reading, meter: meter, stop: stop)
        if reading == .all { try scanner.library.store.dropUnusedTags() }
        try scanner.library.hashReturning(stop: stop)
        passes.endPass()
    }
}
