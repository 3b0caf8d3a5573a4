import Foundation
import GRDB
import Testing

@testable import Domain

struct ModelImportTests {
    private let bed: GalleryBed

    init() throws { bed = try GalleryBed() }

    private func take(_ ids: Int..., strategy: ModelImport.Strategy? = nil) async throws -> [ModelImport.Outcome] {
        try await bed.gallery.importModels(ids, strategy: strategy)
    }

    /// A model of the bytes `[1]` with a tag, and a pending record of the same with another.
    private func conflict() async throws -> (hash: ContentHash, id: Int, existing: ModelRecord) {
        let words = try await bed.words("old", "new")
        let hash = try #require(ContentHash(of: [1]))
        let model = ModelRecord(
            hash: hash,
            path: "/old",
            name: " ",
            type: "vae",
            size: 0,
            created: 3,
            meta: ["description": "mine", "prompts": ["positive": ""], "x": 1]
        )
        try bed.put(model, words: [words[0]])
        let meta: JSON = [
            "description": "theirs", "community_links": "l", "prompts": ["positive": "p"], "images": ["gone"],
        ]
        let id = try bed.pending("file", [1], type: nil, created: 9, meta: meta, words: [words[1]])
        return (hash, id, try #require(try await bed.gallery.model(hash)))
    }

    @Test(
        "A record without a conflict becomes a model with all that is known of it",
        arguments: [nil, .override, .merge] as [ModelImport.Strategy?]
    )
    func plain(strategy: ModelImport.Strategy?) async throws {
        let words = try await bed.words("b", "a")
        let meta: JSON = ["description": "d", "images": ["nowhere"], "trigger": "t"]
        let id = try bed.pending("file", [1, 2, 3], created: 77, meta: meta, words: words)
        let hash = try #require(ContentHash(of: [1, 2, 3]))
        #expect(try await take(id, strategy: strategy) == [.success(hash)])
        let model = try #require(try await bed.gallery.model(hash))
        #expect(model.path == bed.test.folder.path + "/file" && model.name == "file" && model.type == "loras")
        #expect(model.size == 3 && model.created == 77 && model.words.map(\.name) == ["a", "b"])
        #expect(model.meta == ModelMeta.shown(["description": "d", "trigger": "t"], samples: 0))
        #expect(try await bed.gallery.pending() == [])
        #expect(bed.modelChanges() == [CatalogChange(.added, name: "file", item: model.json)])
    }

    @Test("An id that comes again names no record when that is gone, and otherwise the same; nobody's ids make no task")
    func repeated() async throws {
        let id = try bed.pending("file", [1, 2, 3])
        let hash = try #require(ContentHash(of: [1, 2, 3]))
        try await bed.serving { _ in
            let unknown = try await take(99)
            #expect(unknown == [.failed(.notFound)])
            #expect(bed.test.events().isEmpty)
            let ignored = try await take(id, 99, id, strategy: .ignore)
            #expect(ignored == [.ignored(hash), .failed(.notFound), .ignored(hash)])
            let twice = try await take(id, id)
            #expect(twice == [.success(hash), .failed(.notFound)])
        }
    }

    @Test("A conflict without a strategy changes nothing and says where both lie")
    func noStrategy() async throws {
        let (hash, id, existing) = try await conflict()
        let outcome = ModelImport.Outcome.conflict(
            hash,
            pending: .init(id: "\(id)", path: bed.test.folder.path + "/file"),
            existing: .init(id: hash.hex, path: "/old")
        )
        #expect(try await take(id) == [outcome])
        #expect(try await bed.gallery.model(hash) == existing)
        #expect(try await bed.gallery.pending(id: id)?.words.map(\.name) == ["new"])
        #expect(bed.modelChanges() == [])
    }

    @Test("Override replaces the whole row, and joins the tags")
    func override() async throws {
        let (hash, id, _) = try await conflict()
        #expect(try await take(id, strategy: .override) == [.success(hash)])
        let model = try #require(try await bed.gallery.model(hash))
        #expect(model.path == bed.test.folder.path + "/file" && model.name == "file" && model.type == nil)
        #expect(model.size == 1 && model.created == 9 && model.words.map(\.name) == ["new", "old"])
        let meta: JSON = ["description": "theirs", "community_links": "l", "prompts": ["positive": "p"]]
        #expect(model.meta == ModelMeta.shown(meta, samples: 0))
        #expect(try await bed.gallery.pending() == [])
        #expect(bed.modelChanges() == [CatalogChange(.changed, name: "file", item: model.json)])
    }

    @Test("Merge fills only what is empty, and joins the tags")
    func merge() async throws {
        let (hash, id, _) = try await conflict()
        #expect(try await take(id, strategy: .merge) == [.success(hash)])
        let model = try #require(try await bed.gallery.model(hash))
        #expect(model.path == "/old" && model.name == "file" && model.type == "vae")
        #expect(model.size == 1 && model.created == 3 && model.words.map(\.name) == ["new", "old"])
        let meta: JSON = ["description": "mine", "community_links": "l", "prompts": ["positive": "p"], "x": 1]
        #expect(model.meta == ModelMeta.shown(meta, samples: 0))
        #expect(try await bed.gallery.pending() == [])
        #expect(bed.modelChanges().map(\.action) == [.changed])
    }

    @Test("Ignore changes nothing, with a conflict and without")
    func ignore() async throws {
        let (hash, id, existing) = try await conflict()
        let other = try bed.pending("other", [2])
        let outcomes = try await take(id, other, strategy: .ignore)
        #expect(outcomes == [.ignored(hash), .ignored(try #require(ContentHash(of: [2])))])
        #expect(try await bed.gallery.model(hash) == existing)
        #expect(try await bed.gallery.pending().map(\.id).sorted() == [id, other])
        #expect(bed.modelChanges() == [])
    }

    @Test("Delete forgets the record, with a conflict and without, and never touches the file")
    func delete() async throws {
        let (hash, id, existing) = try await conflict()
        let other = try bed.pending("other", [2])
        let second = try #require(ContentHash(of: [2]))
        #expect(try await take(id, other, strategy: .delete) == [.deleted(hash), .deleted(second)])
        #expect(try await bed.gallery.model(hash) == existing)
        #expect(try await bed.gallery.model(second) == nil)
        #expect(try await bed.gallery.pending() == [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: bed.test.folder.path + "/other")) == Data([2]))
        #expect(bed.modelChanges() == [])
    }

    @Test(
        "What cannot be imported fails alone",
        arguments: [nil, .override, .merge, .ignore, .delete] as [ModelImport.Strategy?]
    )
    func failures(strategy: ModelImport.Strategy?) async throws {
        let folder = bed.test.folder.path
        let missing = try bed.pending("missing")
        try FileManager.default.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: false)
        let directory = try bed.pending("folder")
        #expect(mkfifo(folder + "/pipe", 0o600) == 0)
        let pipe = try bed.pending("pipe")
        try FileManager.default.createSymbolicLink(atPath: folder + "/dangling", withDestinationPath: "/nowhere")
        let dangling = try bed.pending("dangling")
        let blank = try await bed.store.pool.write { database in
            try Store.addPending(.init(id: 0, path: "", name: "n", type: nil, size: nil, created: nil), database)
        }
        let good = try bed.pending("good", [9])
        let outcomes = try await take(
            404,
            missing,
            directory,
            pipe,
            dangling,
            try #require(blank),
            -1,
            .max,
            good,
            strategy: strategy
        )
        let failures: [ModelImport.Failure] = [
            .notFound, .hashFailed, .hashFailed, .hashFailed, .hashFailed, .missingPath, .notFound, .notFound,
        ]
        // To go, a record needs no file: it would wait for ever.
        let expected = failures.map {
            $0 != .notFound && strategy == .delete ? .deleted(nil) : ModelImport.Outcome.failed($0)
        }
        #expect(outcomes.dropLast() == expected[...])
        if strategy == .delete { #expect(try await bed.gallery.pending().isEmpty) }
        if case .failed = outcomes.last { Issue.record("the good one failed") }
        #expect(try await take() == [])
    }

    @Test("An empty file and one behind a link have their hashes")
    func smallest() async throws {
        let empty = try bed.pending("empty", [])
        let target = bed.test.folder.path + "/target"
        try Data([5]).write(to: URL(fileURLWithPath: target))
        try FileManager.default.createSymbolicLink(atPath: bed.test.folder.path + "/link", withDestinationPath: target)
        let link = try bed.pending("link")
        let hashes = [try #require(ContentHash(of: [])), try #require(ContentHash(of: [5]))]
        #expect(try await take(empty, link) == hashes.map { .success($0) })
        #expect(try await bed.gallery.model(hashes[1])?.path == bed.test.folder.path + "/link")
    }

    @Test("The same id twice succeeds once; the same content twice is a conflict")
    func twice() async throws {
        let hash = try #require(ContentHash(of: [1]))
        let first = try bed.pending("a", [1])
        let second = try bed.pending("b", [1])
        let outcomes = try await take(first, first, second, first)
        let folder = bed.test.folder.path
        let conflict = ModelImport.Outcome.conflict(
            hash,
            pending: .init(id: "\(second)", path: folder + "/b"),
            existing: .init(id: hash.hex, path: folder + "/a")
        )
        #expect(outcomes == [.success(hash), .failed(.notFound), conflict, .failed(.notFound)])
        #expect(try await take(second, second, strategy: .ignore) == [.ignored(hash), .ignored(hash)])
        #expect(try await take(second, second, strategy: .delete) == [.deleted(hash), .failed(.notFound)])
    }

    @Test("Two paths of models may be the same")
    func samePath() async throws {
        let id = try bed.pending("file", [1])
        try bed.model("a", path: bed.test.folder.path + "/file")
        #expect(try await take(id) == [.success(try #require(ContentHash(of: [1])))])
        #expect(try await bed.gallery.models(ofType: "loras").map(\.path).count == 2)
    }

    @Test("Of imports at once each record goes to one, and nothing comes twice")
    func atOnce() async throws {
        let ids = try (0..<40).map { try bed.pending("\($0)", [UInt8($0 % 20)]) }
        let outcomes = try await withThrowingTaskGroup(of: [ModelImport.Outcome].self) { group in
            for number in 0..<4 {
                let order = number.isMultiple(of: 2) ? ids : ids.reversed()
                group.addTask { [bed] in try await bed.gallery.importModels(order, strategy: .merge) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(outcomes.count { if case .success = $0 { true } else { false } } == 40)
        #expect(outcomes.count { $0 == .failed(.notFound) } == 120)
        let changes = bed.modelChanges()
        #expect(changes.count { $0.action == .added } == 20)
        #expect(try await bed.gallery.models(ofType: "loras").count == 20)
        #expect(try await bed.gallery.pending() == [])
        let sizes = try await bed.gallery.models(ofType: "loras").map(\.size)
        #expect(sizes.allSatisfy { $0 == 1 })
    }
}
