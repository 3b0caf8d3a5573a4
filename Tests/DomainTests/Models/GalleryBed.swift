import Foundation
import GRDB
import Logging
import ServiceLifecycle

@testable import Domain

/// A gallery over a real database in a temporary folder, that keeps its events.
final class GalleryBed: Sendable {
    let test: TestLibrary
    let gallery: ModelGallery

    init(types: [String] = ["checkpoints", "loras"]) throws {
        let test = try TestLibrary()
        self.test = test
        gallery = ModelGallery(
            library: test.library,
            data: test.data,
            folders: ModelFolders(kinds: types.map { .init(name: $0, folders: [test.folder.path + "/" + $0]) })
        )
    }

    var store: Store { test.store }

    /// A hash of 64 times the same digit.
    static func hash(_ digit: Character) throws -> ContentHash {
        guard let hash = ContentHash(hex: String(repeating: digit, count: 64)) else {
            throw CocoaError(.coderInvalidValue)
        }
        return hash
    }

    /// Puts a model into the store without an event.
    @discardableResult
    func model(
        _ digit: Character,
        name: String? = "m",
        type: String? = "loras",
        path: String = "/m/x.pt",
        size: Int? = 1,
        created: Int? = 2,
        meta: JSON = [:],
        words: [Int] = []
    ) throws -> ContentHash {
        let hash = try Self.hash(digit)
        try put(
            ModelRecord(hash: hash, path: path, name: name, type: type, size: size, created: created, meta: meta),
            words: words
        )
        return hash
    }

    func put(_ model: ModelRecord, words: [Int] = []) throws {
        try store.pool.write { database in
            let id = try Store.putModel(model, database)
            try Store.addWords(words, toModel: id, database)
        }
    }

    /// Removes the words that are there from the start.
    func forgetWords() throws {
        try store.pool.write { try $0.execute(sql: "DELETE FROM word") }
    }

    /// Makes words and answers their ids.
    func words(_ names: String...) async throws -> [Int] {
        let words = try await gallery.addWords(names).map(\.id)
        _ = test.events()
        return words
    }

    /// Puts a record of a file that is written with these bytes, unless there are none.
    @discardableResult
    func pending(
        _ name: String,
        _ bytes: [UInt8]? = nil,
        type: String? = "loras",
        created: Int? = 5,
        meta: JSON = [:],
        words: [Int] = [],
        id: Int? = nil
    ) throws -> Int {
        let path = test.folder.path + "/" + name
        if let bytes { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
        let record = PendingModel(
            id: id ?? 0,
            path: path,
            name: name,
            type: type,
            size: bytes?.count,
            created: created,
            meta: meta,
            words: words.map { ModelWord(id: $0, name: "") }
        )
        let added = try store.pool.write { try Store.addPending(record, keepsID: id != nil, $0) }
        guard let added else { throw CocoaError(.fileWriteFileExists) }
        return added
    }

    /// How many sample pictures a hash has, written into the store alone; those of no position do not count.
    func samples(_ hash: ContentHash, _ count: Int, arriving: Int = 0) throws {
        try store.pool.write { database in
            for number in 0..<count + arriving {
                try database.execute(
                    sql: "INSERT INTO model_sample (sha256, position, name) VALUES (?, ?, ?)",
                    arguments: [Data(hash.bytes), number < count ? number : nil, "\(hash.hex)-\(number)"]
                )
            }
        }
    }

    /// The changes of models that were told since the last call.
    func modelChanges() -> [CatalogChange] {
        test.events().compactMap { if case .modelsChanged(let change) = $0 { change } else { nil } }
    }
}

extension GalleryBed {
    /// Runs tasks while `body` runs, then shuts down gracefully and waits for the end of it.
    func serving(
        slots: Int = 2,
        with services: [any Service] = [],
        connects: Bool = true,
        _ body: (TaskEngine) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let engine = TaskEngine(
            store: store,
            journal: test.library.journal,
            kinds: [ModelImportKind(gallery: gallery), ModelScanKind(gallery: gallery)],
            configuration: TaskEngine.Configuration(slots: slots),
            logger: logger
        )
        try await engine.load()
        if connects {
            gallery.tasks.connect(
                submit: { _ = try await engine.submit($0) },
                result: { try await engine.result($0) }
            )
        }
        let group = ServiceGroup(services: [engine] + services, gracefulShutdownSignals: [], logger: logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(engine)) } catch { result = .failure(error) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }
}
