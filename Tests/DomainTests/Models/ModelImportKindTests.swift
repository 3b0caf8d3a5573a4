import Synchronization
import Testing

@testable import Domain

struct ModelImportKindTests {
    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    @Test(
        "Parameters that make no sense are refused",
        arguments: [
            .null, [1], [:], ["ids": .null], ["ids": []], ["ids": "1"], ["ids": ["1"]], ["ids": [1.5]], ["ids": [true]],
            ["ids": [.null]], ["ids": [1], "strategy": "Merge"], ["ids": [1], "strategy": 1],
            ["ids": [1], "strategy": ""], ["ids": [1], "other": 1],
            ["ids": .array(Array(repeating: 1, count: 1001))],
        ] as [JSON]
    )
    func badParameters(params: JSON) {
        #expect(throws: TaskRecord.Failure.self) { try ModelImportKind(gallery: bed.gallery).validate(params) }
    }

    @Test(
        "Ids alone will do, and every strategy is known",
        arguments: [
            ["ids": [1]], ["ids": [1.0, -3], "strategy": .null], ["ids": [1], "strategy": "merge"],
            ["ids": [1], "strategy": "override"], ["ids": [1], "strategy": "ignore"],
            ["ids": [1], "strategy": "delete"], ["ids": .array(Array(repeating: 1, count: 1000))],
        ] as [JSON]
    )
    func goodParameters(params: JSON) {
        #expect(throws: Never.self) { try ModelImportKind(gallery: bed.gallery).validate(params) }
    }

    @Test("When a later part fails, what the earlier ones did is answered, and the failure for all that are left")
    func laterPart() async throws {
        let hash = try GalleryBed.hash("e")
        var parts: [[Int]] = []
        let outcomes = try await ModelGallery.inParts([5, 6, 7, 8, 9], of: 2) { ids in
            parts.append(ids)
            if ids == [7, 8] { throw TaskRecord.Failure(code: "internal", message: "the disk is full") }
            return ids.map { _ in .success(hash) }
        }
        #expect(parts == [[5, 6], [7, 8]])
        let failed = ModelImport.Outcome.failed(.cutShort("The import was cut short: the disk is full"))
        #expect(outcomes == [5: .success(hash), 6: .success(hash), 7: failed, 8: failed, 9: failed])
        await #expect(throws: TaskRecord.Failure.self) {
            try await ModelGallery.inParts([1, 2], of: 1) { _ in throw TaskRecord.Failure(code: "x", message: "") }
        }
        await #expect(throws: CancellationError.self) {
            try await ModelGallery.inParts([1, 2], of: 1) { ids in
                if ids == [2] { throw CancellationError() }
                return [.success(hash)]
            }
        }
    }

    @Test("Every outcome reads back from the result of a task")
    func outcomes() throws {
        let hash = try GalleryBed.hash("e")
        let place = ModelImport.Place(id: "7", path: "/a \"b\"\n")
        let outcomes: [ModelImport.Outcome] = [
            .success(hash), .conflict(hash, pending: place, existing: .init(id: hash.hex, path: "")), .ignored(hash),
            .deleted(hash), .deleted(nil), .failed(.notFound), .failed(.missingPath), .failed(.hashFailed),
            .failed(.cutShort("why")), .failed(.picture("no\0")),
        ]
        for outcome in outcomes {
            let json = outcome.json(id: 7)
            #expect(ModelImport.Outcome(json: try JSONParser.parse(json.text)) == outcome)
            #expect(json["id"] == 7)
        }
        let wrong: [JSON] = [
            .null, [:], ["status": "success"], ["status": "failed"], ["status": "success", "sha256": "e"],
        ]
        for json in wrong { #expect(ModelImport.Outcome(json: json) == nil) }
    }

    @Test("A task tells the outcome of each id, and its progress is in bytes")
    func asTask() async throws {
        let ids = try (0..<3).map { try bed.pending("\($0)", [UInt8](repeating: UInt8($0), count: 100)) }
        let last = LastProgress()
        let lines = Mutex<[String]>([])
        let params: JSON = ["ids": .array((ids + [99]).map { .int(Int64($0)) })]
        let context = TaskContext(
            task: "t",
            params: params,
            attempt: 1,
            report: { _ = last.set($0.current, $0.total) },
            write: { _, line in lines.withLock { $0.append(line) } }
        )
        let result = try await ModelImportKind(gallery: bed.gallery).run(context)
        let statuses = result["outcomes"]?.array?.compactMap { $0["status"]?.string }
        #expect(statuses == ["success", "success", "success", "failed"])
        #expect(last.value?.current == 300 && last.value?.total == 300)
        #expect(lines.withLock { $0 } == ["pending model 99: Pending model not found"])
    }

    @Test("Through the engine a call waits for its tasks, however many records there are")
    func throughEngine() async throws {
        let ids = try (0..<1_030).map { try bed.pending("\($0)", [UInt8($0 % 200), UInt8($0 / 200)]) }
        try await bed.serving { [bed] _ in
            let outcomes = try await bed.gallery.importModels(ids + [9999], strategy: nil)
            #expect(outcomes.count == 1_031 && outcomes.last == .failed(.notFound))
            #expect(outcomes.dropLast().allSatisfy { if case .success = $0 { true } else { false } })
        }
        let finished = bed.test.events().compactMap { if case .taskFinished(let task) = $0 { task } else { nil } }
        #expect(finished.map(\.name) == ["model_import", "model_import"] && finished.map(\.state) == [.done, .done])
        #expect(try await bed.gallery.pending() == [])
    }

    @Test("A call whose task never begins ends when its caller is cancelled, and the task stays")
    func cancelledCaller() async throws {
        let id = try bed.pending("a", [1])
        try await bed.serving(slots: 0) { [bed] _ in
            let call = Task { try await bed.gallery.importModels([id], strategy: nil) }
            while bed.test.library.journal.read({ $0.tasks.counts[.queued] }) == 0 { await Task.yield() }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            #expect(bed.test.library.journal.read { $0.tasks.counts[.queued] } == 1)
        }
    }

    @Test("A call whose task is cancelled fails")
    func cancelledTask() async throws {
        let id = try bed.pending("a", [1])
        try await bed.serving(slots: 0) { [bed] engine in
            let call = Task { try await bed.gallery.importModels([id], strategy: nil) }
            var task: String?
            while task == nil {
                await Task.yield()
                for case .taskCreated(let record) in bed.test.events() { task = record.id }
            }
            try await engine.cancel(try #require(task))
            await #expect(throws: TaskRecord.Failure.self) { try await call.value }
        }
        #expect(try await bed.gallery.pending(id: id) != nil)
    }

    @Test("Where no tasks run the call does the work, and a cancelled caller ends it")
    func withoutTasks() async throws {
        let id = try bed.pending("a", [UInt8](repeating: 1, count: 1 << 20))
        let call = Task { [bed] in
            while !Task.isCancelled { await Task.yield() }
            return try await bed.gallery.importModels([id], strategy: nil)
        }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(try await bed.gallery.pending(id: id) != nil)
        #expect(try await bed.gallery.importModels([id], strategy: nil).count == 1)
        #expect(try await bed.gallery.pending(id: id) == nil)
    }
}
