import Testing

@testable import Domain

struct StoreTests {
    @Test("Each start gets an epoch of its own")
    func epochs() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/library.sqlite"
        let first = try Store(path: path)
        let epochs = try [first.beginEpoch(at: 1), first.beginEpoch(at: 2), Store(path: path).beginEpoch(at: 3)]
        #expect(Set(epochs).count == 3)
        #expect(Set(epochs.map { $0.split(separator: "-").first }).count == 3)
        try first.close()
        #expect(throws: (any Error).self) { try first.beginEpoch(at: 4) }
    }

    @Test("SQLite is configured before the first database is opened")
    func configured() async {
        // In a process of its own, where no test has opened a database before.
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let store = try Store(path: folder.path + "/library.sqlite")
            // Once a database is open it is too late.
            try #require(Store.isConfigured)
            try store.close()
        }
    }

    @Test("A task is read back as it was written, in every field")
    func roundTrip() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.path + "/library.sqlite")
        var record = TaskRecord(id: "t é", name: "n'\"", params: ["a": [1, 2.5, .null, "é\0"]], created: 1)
        record.priority = -7
        record.attempts = 9
        record.requires = ["a", "b"]
        try store.write([TaskTransition(kind: .created, record: record, sequence: 5)], logLimit: 10)
        #expect(try await store.task("t é") == record)
        record.state = .running
        record.attempt = 2
        record.executor = .init(kind: .peer, client: "c", name: "box")
        record.started = 2
        record.progress = .init(current: 1, total: nil, message: "m")
        try store.write([TaskTransition(kind: .started, record: record, sequence: 5)], logLimit: 10)
        #expect(try await store.task("t é") == record)
        let stored = try store.loadTasks(finished: 50, log: 200)
        #expect(stored.unfinished.map(\.record) == [record])
        #expect(stored.unfinished.map(\.sequence) == [5])
        #expect(stored.lastSequence == 5)
        record.state = .failed
        record.error = .init(code: "c", message: "m")
        record.finished = 3
        try store.write([TaskTransition(kind: .finished(result: nil), record: record, sequence: 5)], logLimit: 10)
        #expect(try await store.task("t é") == record)
        #expect(try store.loadTasks(finished: 50, log: 200).finished == [record])
        #expect(try await store.task("other") == nil)
    }
}
