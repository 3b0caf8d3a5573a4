import Foundation
import GRDB
import Testing

@testable import Domain

/// Imports in any order with any strategy, against a gallery of plain dictionaries.
struct ModelImportPropertyTests {
    private struct Waiting {
        var content: UInt8
        var name: String
        var words: Set<Int>
    }

    private struct Kept {
        var name: String
        var words: Set<Int>
    }

    @Test("Whatever is imported, the gallery is what the rules make of it", arguments: 0..<12)
    func anything(round: Int) async throws {
        let seed = UInt64(round) &* 7_919 &+ 11
        var random = SeededGenerator(seed: seed)
        let bed = try GalleryBed()
        let words = try await bed.words("a", "b", "c")
        var waiting: [Int: Waiting] = [:]
        var models: [UInt8: Kept] = [:]
        var told = 0
        for step in 0..<30 {
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let content = UInt8.random(in: 0..<6, using: &random)
                let given = Set(words.filter { _ in Bool.random(using: &random) })
                let name = Bool.random(using: &random) ? "n\(step)" : ""
                let id = try bed.pending("f\(step)-\(waiting.count)-\(content)", [content], words: Array(given))
                try await bed.store.pool.write {
                    try $0.execute(sql: "UPDATE pending_model SET name = ? WHERE id = ?", arguments: [name, id])
                }
                waiting[id] = Waiting(content: content, name: name, words: given)
            }
            let known = waiting.keys.sorted() + [1_000]
            let ids = (0..<Int.random(in: 0...5, using: &random)).map { _ in known.randomElement(using: &random) ?? 0 }
            let strategy = (ModelImport.Strategy.allCases + [nil]).randomElement(using: &random) ?? nil
            let expected = try ids.map { id -> ModelImport.Outcome in
                guard let record = waiting[id] else { return .failed(.notFound) }
                let hash = try #require(ContentHash(of: [record.content]))
                let existing = models[record.content]
                switch strategy {
                case .ignore: return .ignored(hash)
                case nil where existing != nil:
                    return .conflict(hash, pending: .init(id: "", path: ""), existing: .init(id: "", path: ""))
                case .delete:
                    waiting[id] = nil
                    return .deleted(hash)
                default:
                    waiting[id] = nil
                    let keeps = strategy == .merge && existing?.name.isEmpty == false
                    models[record.content] = Kept(
                        name: keeps ? existing?.name ?? "" : record.name,
                        words: record.words.union(existing?.words ?? [])
                    )
                    if existing == nil { told += 1 }
                    return .success(hash)
                }
            }
            let outcomes = try await bed.gallery.importModels(ids, strategy: strategy).map { outcome in
                guard case .conflict(let hash, _, _) = outcome else { return outcome }
                return .conflict(hash, pending: .init(id: "", path: ""), existing: .init(id: "", path: ""))
            }
            #expect(outcomes == expected, "seed \(seed), step \(step)")
        }
        #expect(try await bed.gallery.pending().map(\.id).sorted() == waiting.keys.sorted(), "seed \(seed)")
        #expect(bed.modelChanges().count { $0.action == .added } == told, "seed \(seed)")
        for (content, kept) in models {
            let model = try await bed.gallery.model(try #require(ContentHash(of: [content])))
            #expect(model?.name == kept.name && Set(model?.words.map(\.id) ?? []) == kept.words, "seed \(seed)")
        }
        #expect(try bed.store.modelCounts().models == models.count, "seed \(seed)")
    }
}
