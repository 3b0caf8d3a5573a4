import GRDB
import Testing

@testable import Domain

/// Pages of one query, read while the index changes.
struct SearchPagesTests {
    @Test(
        "What was there throughout comes once on the pages, whatever comes, goes and changes between them",
        arguments: [UInt64.random(in: 0 ... .max)]
    )
    func changing(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<25 {
            let index = try TestIndex()
            let tag = try index.tag("t")
            func media() -> TestIndex.Media {
                TestIndex.Media(
                    folder: ["", "a", "b"].randomElement(using: &generator) ?? "",
                    name: "needle \(UInt64.random(in: 0 ... .max, using: &generator)).png",
                    date: Int.random(in: 0...20, using: &generator),
                    tags: [tag]
                )
            }
            let staying = Set(try index.add((0..<120).map { _ in media() }))
            var others = Set(try index.add((0..<60).map { _ in media() }))
            if Bool.random(using: &generator) { try index.indexTexts() }
            var query = MediaQuery()
            query.limit = Int.random(in: 1...40, using: &generator)
            if Bool.random(using: &generator) { query.order = .random(seed: seed) }
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: query.text = "needle"
            case 1: query.anyTags = [tag]
            case 2: query.folders = ["/pictures"]
            default: break
            }
            var searcher = MediaSearcher(store: index.store)
            searcher.walkBudget = 16
            var seen: [Int] = []
            repeat {
                let (found, next) = try searcher.search(query)
                seen += found.map(\.key.id)
                query.after = next
                for _ in 0..<Int.random(in: 0...6, using: &generator) {
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: others.insert(try index.add(media()))
                    case 1:
                        guard let gone = others.randomElement(using: &generator) else { continue }
                        others.remove(gone)
                        try index.remove(gone)
                    default:
                        guard let edited = others.randomElement(using: &generator) else { continue }
                        let date = Int.random(in: 0...20, using: &generator)
                        try index.execute(
                            "UPDATE media SET date = ?, text = text || 'x' WHERE file = ?",
                            [date, edited]
                        )
                    }
                }
            } while query.after != nil
            let kept = seen.filter(staying.contains)
            #expect(kept.count == Set(kept).count, "seed \(seed), round \(round): \(query)")
            #expect(Set(kept) == staying, "seed \(seed), round \(round): \(query)")
        }
    }
}
