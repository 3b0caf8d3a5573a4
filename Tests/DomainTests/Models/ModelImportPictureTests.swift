import Foundation
import GRDB
import Testing

@testable import Domain

/// The pictures that wait with records become samples of the models.
struct ModelImportPictureTests {
    private let bed: GalleryBed

    init() throws {
        bed = try GalleryBed()
        for folder in bed.test.data.libraryFolders { try bed.test.library.addRoot(folder, isPermanent: true) }
    }

    private func picture(_ name: String) throws -> String {
        try bed.gallery.pendingPictures.add(TestPicture.png(40, 30), named: name)
    }

    private func record(_ name: String, _ bytes: [UInt8], _ images: [String]) throws -> Int {
        try bed.pending(name, bytes, meta: ["images": .array(images.map(JSON.string)), "description": "d"])
    }

    private func take(_ ids: Int..., strategy: ModelImport.Strategy? = nil) async throws -> [ModelImport.Outcome] {
        try await bed.gallery.importModels(ids, strategy: strategy)
    }

    private func waiting() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bed.test.data[.pending]).sorted()
    }

    @Test("A folder that cannot be written to fails the records with pictures, and no other")
    func unwritable() async throws {
        let with = try record("a", [1], [picture("a")])
        let without = try record("b", [2], [])
        try? FileManager.default.removeItem(atPath: bed.test.data.modelSamples)
        try Data().write(to: URL(fileURLWithPath: bed.test.data.modelSamples))
        let outcomes = try await take(with, without)
        let hash = try #require(ContentHash(of: [2]))
        #expect(outcomes[1] == .success(hash))
        guard case .failed(.picture(let text)) = outcomes[0] else {
            Issue.record("\(outcomes[0])")
            return
        }
        #expect(!text.contains("/"))
        #expect(try await bed.gallery.pending().map(\.id) == [with])
    }

    /// How many rows and files there are of samples, whatever their state.
    private func traces() throws -> (rows: Int, files: Int) {
        let rows = try bed.store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM model_sample") ?? 0 }
        let folders = [bed.test.data.modelSamples, bed.test.data.smallModelSamples]
        return (
            rows, folders.reduce(0) { $0 + ((try? FileManager.default.contentsOfDirectory(atPath: $1)) ?? []).count }
        )
    }

    @Test("The first picture becomes the next sample, is in the library, and waits no more")
    func promoted() async throws {
        let hash = try #require(ContentHash(of: [1]))
        _ = try await bed.gallery.addSample(TestPicture.png(8, 8), to: hash)
        let id = try record("a", [1], [try picture("one"), try picture("two")])
        #expect(try waiting() == ["one.png", "two.png"])
        _ = bed.test.events()
        #expect(try await take(id) == [.success(hash)])
        let model = try #require(try await bed.gallery.model(hash))
        #expect(model.samples == 2 && model.meta["images_count"] == 2 && model.meta["images"] == nil)
        #expect(try waiting() == [])
        let sample = try #require(try await bed.gallery.sample(hash, 1, .high))
        let events = bed.test.events()
        let items = events.compactMap { if case .libraryAdded(let items) = $0 { items } else { nil } }.joined()
        #expect(items.map { $0.root + "/" + $0.path } == [sample.path])
        #expect(
            events.contains { if case .modelsChanged(let change) = $0 { change.item == model.json } else { false } }
        )
        #expect(try traces() == (2, 6))
    }

    @Test("Samples that come and go are told as changes of their model, if there is one")
    func events() async throws {
        let hash = try bed.model("a")
        _ = try await bed.gallery.addSample(TestPicture.png(8, 8), to: GalleryBed.hash("b"))
        #expect(bed.modelChanges() == [])
        for count in 1...2 {
            _ = try await bed.gallery.addSample(TestPicture.png(8, 8), to: hash)
            #expect(bed.modelChanges().map { $0.item?["images_count"] } == [.int(Int64(count))])
        }
        try await bed.gallery.removeSample(hash, 0)
        #expect(bed.modelChanges().map { $0.item?["images_count"] } == [1])
        await #expect(throws: ModelGalleryError.self) { try await bed.gallery.removeSample(hash, 5) }
        #expect(bed.modelChanges() == [])
    }

    @Test("A sample that goes as a file of the library is told as a change of its model")
    func lost() async throws {
        let hash = try bed.model("a")
        for _ in 0..<2 { _ = try await bed.gallery.addSample(TestPicture.png(8, 8), to: hash) }
        let sample = try #require(try await bed.gallery.sample(hash, 0, .high))
        _ = bed.test.events()
        try FileManager.default.removeItem(atPath: sample.path)
        try bed.test.scan()
        var changes: [CatalogChange] = []
        while changes.isEmpty {
            await Task.yield()
            changes = bed.modelChanges()
        }
        #expect(changes.map { $0.item?["images_count"] } == [1])
        #expect(try bed.store.takeLostSamples() == [])
    }

    @Test("A picture that is named and missing is left out; so is one outside the folder")
    func missing() async throws {
        let first = try record("a", [1], ["gone", "also"])
        let second = try record("b", [2], ["../../a", ""])
        let third = try record("c", [3], [])
        for outcome in try await take(first, second, third) {
            guard case .success(let hash) = outcome else { throw CocoaError(.coderInvalidValue) }
            #expect(try await bed.gallery.model(hash)?.samples == 0)
        }
        #expect(try traces() == (0, 0))
    }

    @Test("A broken picture fails its record, and nothing of it stays but the record")
    func broken() async throws {
        let path = bed.test.data[.pending] + "/broken.png"
        try Data(TestPicture.png(40, 30).prefix(60)).write(to: URL(fileURLWithPath: path))
        let id = try record("a", [1], ["broken"])
        let good = try record("b", [2], [try picture("good")])
        for strategy in [nil, .override, .merge] as [ModelImport.Strategy?] {
            guard case .failed(.picture(let text)) = try await take(id, strategy: strategy).first else {
                throw CocoaError(.coderInvalidValue)
            }
            #expect(!text.isEmpty)
        }
        #expect(try await bed.gallery.pending(id: id) != nil)
        #expect(try traces() == (0, 0) && waiting().contains("broken.png"))
        guard case .success = try await take(good).first else { throw CocoaError(.coderInvalidValue) }
        // Who wants no picture is not kept by one.
        let hash = try #require(ContentHash(of: [1]))
        #expect(try await take(id, strategy: .ignore) == [.ignored(hash)])
        #expect(try await take(id, strategy: .delete) == [.deleted(hash)])
        #expect(try waiting() == [])
    }

    @Test("Conflicts and ignored records leave their pictures waiting; deleted ones take them along")
    func others() async throws {
        let hash = try #require(ContentHash(of: [1]))
        try bed.put(ModelRecord(hash: hash, path: "/x", name: "n", type: nil, size: 1, created: 1))
        let id = try record("a", [1], [try picture("one")])
        guard case .conflict = try await take(id).first else { throw CocoaError(.coderInvalidValue) }
        #expect(try await take(id, strategy: .ignore) == [.ignored(hash)])
        #expect(try traces() == (0, 0) && waiting() == ["one.png"])
        #expect(try await take(id, id, strategy: .delete) == [.deleted(hash), .failed(.notFound)])
        #expect(try traces() == (0, 0) && waiting() == [])
    }

    @Test("Of two records of one content the second leaves nothing behind when it conflicts")
    func sameContent() async throws {
        let first = try record("a", [1], [try picture("one")])
        let second = try record("b", [1], [try picture("two")])
        let outcomes = try await take(first, first, second)
        guard case .success(let hash) = outcomes[0], case .conflict = outcomes[2] else {
            throw CocoaError(.coderInvalidValue)
        }
        #expect(try traces() == (1, 3) && waiting() == ["two.png"])
        #expect(try await take(second, strategy: .merge) == [.success(hash)])
        #expect(try await bed.gallery.model(hash)?.samples == 2)
        #expect(try traces() == (2, 6) && waiting() == [])
    }

    @Test("A run that is stopped leaves nothing of the pictures it had made ready")
    func stopped() async throws {
        let ids = try (0..<5).map { try record("\($0)", [UInt8($0)], [try picture("p\($0)")]) }
        let stop = StopFlag()
        let run = ModelImportRun(
            gallery: bed.gallery,
            ids: ids,
            strategy: nil,
            task: "t",
            stop: stop,
            report: { _, _, message in if message.hasPrefix("2") { stop.set() } }
        )
        await #expect(throws: CancellationError.self) { try await bed.gallery.threads.run { try run.run() } }
        #expect(try traces() == (2, 6))
        #expect(try waiting() == ["p2.png", "p3.png", "p4.png"])
    }

    @Test("A picture that was made ready for what the file was before goes to what it is now")
    func changedFile() async throws {
        let id = try record("a", [1, 1], [try picture("one")])
        let path = bed.test.folder.path + "/a"
        let job = try #require(try bed.store.importJobs([id])[id])
        let (old, new) = (try #require(ContentHash(of: [1, 1])), try #require(ContentHash(of: [2])))
        let status = try #require(FileStatus(path: path))
        let run = ModelImportRun(
            gallery: bed.gallery,
            ids: [id],
            strategy: nil,
            task: "",
            stop: StopFlag(),
            report: { _, _, _ in }
        )
        run.pictures.prepare(job, for: old)
        #expect(try traces() == (1, 3))
        try Data([2]).write(to: URL(fileURLWithPath: path))
        #expect(try run.promote(job, .hashed(old, status), step: 0) == .success(new))
        #expect(try await bed.gallery.sampleCount(old) == 0)
        #expect(try await bed.gallery.sampleCount(new) == 1)
        #expect(try traces() == (1, 3) && waiting() == [])
    }
}
