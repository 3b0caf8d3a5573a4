import Foundation
import Synchronization
import Testing

@testable import Domain

struct ModelImportRunTests {
    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    private typealias Report = @Sendable (_ current: Int, _ total: Int, _ message: String) -> Void

    private func run(
        _ ids: [Int],
        _ strategy: ModelImport.Strategy? = nil,
        task: String = "",
        threads: Int = 2,
        stop: StopFlag = StopFlag(),
        report: @escaping Report = { _, _, _ in }
    ) -> ModelImportRun {
        ModelImportRun(
            gallery: bed.gallery,
            ids: ids,
            strategy: strategy,
            task: task,
            threads: threads,
            stop: stop,
            report: report
        )
    }

    /// The bytes that a run says it has to read.
    private func bytes(_ ids: [Int], _ strategy: ModelImport.Strategy?) throws -> Int {
        let last = LastProgress()
        _ = try run(ids, strategy) { current, total, _ in _ = last.set(current, total) }.run()
        return try #require(last.value?.total)
    }

    @Test("Progress is in bytes, never goes back, and ends at all of them", arguments: [1, 2, 5])
    func progress(threads: Int) throws {
        let sizes = [3 << 20, 0, 17, 2 << 20]
        let ids = try sizes.enumerated().map { try bed.pending("\($0)", [UInt8](repeating: UInt8($0), count: $1)) }
        let last = LastProgress()
        let checked = Checked()
        let messages = Mutex<[String]>([])
        let outcomes = try run(ids, threads: threads) { current, total, message in
            checked.note(last.set(current, total) && total == sizes.reduce(0, +))
            messages.withLock { if $0.last != message { $0.append(message) } }
        }.run()
        #expect(outcomes.count == 4 && !checked.results.contains(false))
        #expect(last.value?.current == sizes.reduce(0, +))
        #expect(messages.withLock { $0 }.last == "4 of 4 models")
    }

    @Test("A hash is kept as long as the file is the same")
    func keptHashes() async throws {
        let id = try bed.pending("file", [1, 2, 3])
        #expect(try bytes([id], .ignore) == 3)
        let hash = try #require(ContentHash(of: [1, 2, 3]))
        #expect(try await bed.gallery.pending(id: id)?.hash == hash)
        #expect(try bytes([id], .ignore) == 0)
        // Another content of the same size, at another time.
        let path = bed.test.folder.path + "/file"
        try Data([3, 2, 1]).write(to: URL(fileURLWithPath: path))
        let time = [timespec(tv_sec: 5, tv_nsec: 0), timespec(tv_sec: 5, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, path, time, 0) == 0)
        #expect(try bytes([id], .ignore) == 3)
        #expect(try run([id]).run() == [.success(try #require(ContentHash(of: [3, 2, 1])))])
    }

    @Test("A file that changes while it is read is read again")
    func changedWhileRead() throws {
        let path = bed.test.folder.path + "/file"
        let id = try bed.pending("file", [UInt8](repeating: 1, count: 3 << 20))
        let calls = Counter()
        let outcomes = try run([id]) { current, _, _ in
            guard current == 1 << 20, calls.next() == 1 else { return }
            try? Data([7, 7]).write(to: URL(fileURLWithPath: path))
        }.run()
        #expect(calls.value == 1)
        #expect(outcomes == [.success(try #require(ContentHash(of: [7, 7])))])
    }

    @Test("A file that never stops changing is not imported")
    func alwaysChanging() async throws {
        let path = bed.test.folder.path + "/file"
        let id = try bed.pending("file", [1, 2, 3, 4])
        let calls = Counter()
        let outcomes = try run([id]) { _, _, message in
            guard message.hasPrefix("0") else { return }
            try? Data([UInt8](repeating: 1, count: 4 + calls.next())).write(to: URL(fileURLWithPath: path))
        }.run()
        #expect(outcomes == [.failed(.hashFailed)])
        #expect(calls.value == 3)
        #expect(try await bed.gallery.pending(id: id) != nil)
    }

    @Test("A file that changed after it was hashed is hashed again before it becomes a model")
    func changedBeforeCommit() async throws {
        let path = bed.test.folder.path + "/file"
        let id = try bed.pending("file", [1, 2])
        let job = try #require(try bed.store.importJobs([id])[id])
        let status = try #require(FileStatus(path: path))
        let old = try #require(ContentHash(of: [1, 2]))
        try bed.store.keepHash(old, status, of: job)
        try Data([9, 9, 9]).write(to: URL(fileURLWithPath: path))
        let outcome = try run([id]).promote(job, .hashed(old, status), step: 0)
        let new = try #require(ContentHash(of: [9, 9, 9]))
        #expect(outcome == .success(new))
        #expect(try await bed.gallery.model(old) == nil)
        #expect(try await bed.gallery.model(new)?.size == 3)
    }

    @Test("A file that went after it was hashed is not imported")
    func wentBeforeCommit() async throws {
        let path = bed.test.folder.path + "/file"
        let id = try bed.pending("file", [1, 2])
        let job = try #require(try bed.store.importJobs([id])[id])
        let status = try #require(FileStatus(path: path))
        try FileManager.default.removeItem(atPath: path)
        let outcome = try run([id]).promote(job, .hashed(try #require(ContentHash(of: [1, 2])), status), step: 0)
        #expect(outcome == .failed(.hashFailed))
        #expect(try await bed.gallery.pending(id: id) != nil && bed.modelChanges() == [])
    }

    @Test("An id that names another record by now takes nothing in")
    func otherRecord() async throws {
        let id = try bed.pending("a", [1])
        let job = try #require(try bed.store.importJobs([id])[id])
        _ = try run([id], .delete).run()
        try bed.pending("b", [2], id: id)
        let promotion = Store.Promotion(job: job, hash: try GalleryBed.hash("a"), size: 1, strategy: .override)
        #expect(try bed.store.promote(promotion).outcome == .failed(.notFound))
        #expect(try await bed.gallery.pending().map(\.name) == ["b"])
    }

    @Test("A run that is stopped changes nothing more; begun again it goes on and tells the whole story")
    func resumed() async throws {
        let ids = try (0..<6).map { try bed.pending("\($0)", [UInt8($0)]) }
        let hashes = try (0..<6).map { try #require(ContentHash(of: [UInt8($0)])) }
        let stop = StopFlag()
        #expect(throws: CancellationError.self) {
            try run(ids, task: "t", stop: stop) { _, _, message in if message.hasPrefix("3") { stop.set() } }.run()
        }
        #expect(try await bed.gallery.models(ofType: "loras").count == 3)
        #expect(try await bed.gallery.pending().map(\.id) == Array(ids[3...]))
        #expect(try run(ids, task: "t").run() == hashes.map { .success($0) })
        #expect(bed.modelChanges().map(\.action) == Array(repeating: .added, count: 6))
        #expect(try bed.store.importOutcomes(of: "t").count == 6)
        // Once another import begins, what ended ones did is forgotten.
        #expect(try run([99], task: "u").run() == [.failed(.notFound)])
        #expect(try bed.store.importOutcomes(of: "t") == [:])
    }

    @Test("Deleted records are remembered by the task that deleted them, by no other")
    func resumedDelete() throws {
        let ids = try (0..<2).map { try bed.pending("\($0)", [UInt8($0)]) }
        let stop = StopFlag()
        #expect(throws: CancellationError.self) {
            try run(ids, .delete, task: "t", stop: stop) { _, _, message in if message.hasPrefix("1") { stop.set() } }
                .run()
        }
        let hashes = try (0..<2).map { try #require(ContentHash(of: [UInt8($0)])) }
        #expect(try run(ids, .delete, task: "t").run() == hashes.map { .deleted($0) })
        #expect(try run(ids, .delete).run() == [.failed(.notFound), .failed(.notFound)])
    }

    @Test("A run that is stopped while it hashes ends, and keeps what it has hashed")
    func stoppedWhileHashing() async throws {
        let small = try bed.pending("small", [1])
        let large = try bed.pending("large", [UInt8](repeating: 1, count: 4 << 20))
        let stop = StopFlag()
        #expect(throws: CancellationError.self) {
            try run([large, small], threads: 1, stop: stop) { current, _, _ in if current > 0 { stop.set() } }.run()
        }
        #expect(bed.modelChanges() == [])
        #expect(try await bed.gallery.pending().count == 2)
        #expect(try await bed.gallery.pending(id: large)?.hash == nil)
        #expect(try run([large, small]).run().count { if case .success = $0 { true } else { false } } == 2)
    }

    @Test("Who waits for another import that reads the same file takes the hash from there")
    func sameFile() async throws {
        let id = try bed.pending("file", [1, 2])
        let job = try #require(try bed.store.importJobs([id])[id])
        let status = try #require(FileStatus(path: job.path))
        let turns = bed.gallery.hashTurns
        #expect(turns.begin(id, stop: StopFlag()) == .free)
        let last = LastProgress()
        let run = run([id]) { current, total, _ in _ = last.set(current, total) }
        async let outcomes = bed.gallery.threads.run { try run.run() }
        // A hash that the file does not have shows that nobody read it.
        let hash = try GalleryBed.hash("a")
        try bed.store.keepHash(hash, status, of: job)
        turns.end(id)
        #expect(try await outcomes == [.success(hash)])
    }

    @Test("Who waits for another import that reads the same file in vain reads it, and stops when told to")
    func sameFileInVain() async throws {
        let id = try bed.pending("file", [1, 2])
        let turns = bed.gallery.hashTurns
        #expect(turns.begin(id, stop: StopFlag()) == .free)
        let stop = StopFlag()
        let stopped = run([id], stop: stop)
        let failing = Task { [bed] in try await bed.gallery.threads.run { try stopped.run() } }
        stop.set()
        await #expect(throws: CancellationError.self) { try await failing.value }
        let run = run([id])
        async let outcomes = bed.gallery.threads.run { try run.run() }
        turns.end(id)
        #expect(try await outcomes == [.success(try #require(ContentHash(of: [1, 2])))])
        #expect(turns.begin(id, stop: StopFlag()) == .free)
        #expect(turns.begin(id, stop: stop) == .stopped)
    }

    @Test("A store that fails ends the run with its error")
    func failingStore() throws {
        let ids = try (0..<8).map { try bed.pending("\($0)", [UInt8($0)]) }
        try bed.store.close()
        #expect(throws: (any Error).self) { try run(ids).run() }
    }
}
