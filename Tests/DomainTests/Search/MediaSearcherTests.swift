import GRDB
import Testing

@testable import Domain

/// Queries find the same files by every plan, and those that a model finds by looking at all.
struct MediaSearcherTests {
    let index: TestIndex

    init() throws { index = try TestIndex() }

    private static let folders = ["", "a", "a/b", "forest", "a/Forest deep", "ab", "z%z", "_"]
    private static let words = ["forest", "Cat", "zebra_", "100%", "a/b", "é", "neon sky", "dog", "\"quoted\"", "xy"]

    /// Some hundreds of files of few dates, words, folders and tags, half of them in the text index.
    private func fill(_ generator: inout SeededGenerator) throws -> [Int: TestIndex.Media] {
        let tags = try (0..<6).map { try index.tag("tag \($0)") }
        var files: [Int: TestIndex.Media] = [:]
        for part in 0..<2 {
            let media = (0..<200).map { number in
                var media = TestIndex.Media(
                    folder: Self.folders.randomElement(using: &generator) ?? "",
                    name: "\(Self.words.randomElement(using: &generator) ?? "")\(part)-\(number).png",
                    date: Int.random(in: 100...130, using: &generator)
                )
                media.name = media.name.replacing("/", with: "")
                media.text = (0..<Int.random(in: 0...3, using: &generator))
                    .map { _ in Self.words.randomElement(using: &generator) ?? "" }.joined(separator: ", ")
                media.kind = MediaKind.allCases.randomElement(using: &generator) ?? .image
                media.size = Int.random(in: 1...9, using: &generator)
                media.width = Bool.random(using: &generator) ? Int.random(in: 1...9, using: &generator) : nil
                media.seed = Bool.random(using: &generator) ? UInt64.random(in: 1...9, using: &generator) : nil
                media.rating = Bool.random(using: &generator) ? Double(Int.random(in: 0...5, using: &generator)) : nil
                media.model = ["XL", "sd15", nil].randomElement(using: &generator) ?? nil
                media.tags = tags.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
                return media
            }
            for (id, media) in zip(try index.add(media), media) { files[id] = media }
            if part == 0 { try index.indexTexts() }
        }
        return files
    }

    private func query(_ generator: inout SeededGenerator) -> MediaQuery {
        func maybe(_ chance: Int = 4) -> Bool { Int.random(in: 0..<chance, using: &generator) == 0 }
        var query = MediaQuery()
        if !maybe(3) { query.text = Self.words.randomElement(using: &generator) ?? "" }
        if maybe(6) {
            query.text =
                ["f%t", "_", "a/", "tures/a", "/pic%dog", "o_est", "zz", "FOREST deep/"].randomElement(
                    using: &generator
                ) ?? ""
        }
        if maybe(6) { query.pattern = ["^cat", "fo.est", "[xy]{2}", "/a/b/"].randomElement(using: &generator) }
        query.isPathOnly = maybe()
        if maybe() { query.without = [Self.words.randomElement(using: &generator) ?? ""] }
        if maybe(5) {
            query.folders = [["/pictures/a"], ["/pictures/forest", "/pictures/ab"], ["/"], ["/pict"], []].randomElement(
                using: &generator
            )
        }
        if maybe(8) { query.scope = ["/pictures/a/b", "/pictures/z%z"] }
        if maybe(5) { query.kinds = [.image, .audio] }
        func tags(_ count: Int) -> [Int] { (0..<count).map { _ in Int.random(in: 2...7, using: &generator) } }
        if maybe() { query.allTags = tags(2) }
        if maybe() { query.anyTags = tags(2) }
        if maybe() { query.noTags = tags(1) }
        if maybe(6) { query.tagGroups = [tags(2), tags(3)] }
        query.needsTag = maybe()
        if maybe(8) { query.sizes = 3...7 }
        if maybe(8) { query.dates = 110...120 }
        if maybe(8) { query.widths = 2...8 }
        if maybe(8) { query.heights = 600...700 }
        if maybe(8) { query.seeds = 1...5 }
        if maybe(8) { query.ratings = 2...4.5 }
        if maybe(8) { query.model = "Xl" }
        if maybe(3) { query.order = .random(seed: UInt64.random(in: 0...9, using: &generator)) }
        query.limit = [1, 3, 10, 50, 1000].randomElement(using: &generator) ?? 10
        return query
    }

    /// Whether a query asks for a file, by definition.
    private func isWanted(_ media: TestIndex.Media, _ query: MediaQuery) throws -> Bool {
        let folder = media.folder.isEmpty ? "/pictures" : "/pictures/" + media.folder
        let path = folder + "/" + media.name
        func holds(_ word: String) -> Bool {
            let matcher = SubstringMatcher(word)
            return matcher.matches(path) || (!query.isPathOnly && matcher.matches(media.text))
        }
        func lies(_ folders: [String]) -> Bool { folders.contains { FolderPath.relative(folder, to: $0) != nil } }
        if let pattern = query.pattern {
            let matcher = try PatternMatcher(TextPattern(pattern))
            guard try matcher.matches(path) || (!query.isPathOnly && matcher.matches(media.text)) else { return false }
        } else if !holds(query.text) {
            return false
        }
        guard !query.without.contains(where: holds), query.folders.map(lies) ?? true, query.scope.map(lies) ?? true,
            query.kinds?.contains(media.kind) ?? true
        else { return false }
        let tags = Set(media.tags)
        guard tags.isSuperset(of: query.allTags), tags.isDisjoint(with: query.noTags),
            query.anyTags.isEmpty || !tags.isDisjoint(with: query.anyTags),
            query.tagGroups.allSatisfy({ !tags.isDisjoint(with: $0) }), !query.needsTag || !tags.isEmpty
        else { return false }
        func lies<Bound>(_ value: Bound?, _ range: ClosedRange<Bound>?) -> Bool {
            guard let range else { return true }
            return value.map(range.contains) ?? false
        }
        guard lies(media.size, query.sizes), lies(media.date, query.dates), lies(media.width, query.widths),
            lies(media.height, query.heights), lies(media.seed, query.seeds), lies(media.rating, query.ratings)
        else { return false }
        guard let model = query.model else { return true }
        return media.model.map { SubstringMatcher(model).matches($0) } ?? false
    }

    @Test("Random queries answer what a model answers, by every plan", arguments: [UInt64.random(in: 0 ... .max)])
    func model(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let files = try fill(&generator)
        let heads = [0, 1, 37, 1024].map { MediaHeadCache(limit: MediaHead.Limit(rows: $0)) }
        for round in 0..<120 {
            var store = index.store
            store.heads = heads.randomElement(using: &generator) ?? store.heads
            let query = query(&generator)
            let wanted = try files.filter { try isWanted($0.value, query) }
            let byDate = wanted.map { MediaKey(date: $1.date, id: $0) }.sorted(by: >).map(\.id)
            var first: [Int]?
            for plans: Set<MediaSearcher.Plan> in [[.walk], [.candidates], [.scan], Set(MediaSearcher.Plan.allCases)] {
                var searcher = MediaSearcher(store: store)
                searcher.plans = plans
                searcher.walkBudget = 20
                let pages = try index.pages(query, searcher)
                let found = pages.flatMap { $0 }
                let comment: Comment = "seed \(seed), round \(round), \(plans): \(query)"
                #expect(pages.dropLast().allSatisfy { $0.count == query.limit }, comment)
                if query.order == .newest {
                    #expect(found == byDate, comment)
                } else {
                    #expect(found.sorted() == byDate.sorted(), comment)
                    #expect(found == first ?? found, comment)
                    first = found
                }
            }
        }
    }

    @Test("A limit of zero answers nothing, a negative one everything, and no folder nothing")
    func limits() throws {
        try index.add((0..<300).map { TestIndex.Media(name: "\($0).png", date: $0) })
        let searcher = MediaSearcher(store: index.store)
        var query = MediaQuery()
        query.limit = 0
        #expect(try searcher.search(query).found.isEmpty)
        query.limit = -1
        let all = try searcher.search(query)
        #expect(all.found.count == 300 && all.next == nil)
        query.folders = []
        #expect(try searcher.search(query).found.isEmpty)
    }

    @Test("A page that is just full says where the next would begin, and that one is empty")
    func fullPage() throws {
        try index.add((0..<20).map { TestIndex.Media(name: "\($0).png", date: 7) })
        var query = MediaQuery()
        query.limit = 10
        let pages = try index.pages(query, MediaSearcher(store: index.store))
        #expect(pages.map(\.count) == [10, 10, 0])
        query.after = .before(date: 7, id: nil)
        #expect(try MediaSearcher(store: index.store).search(query).found.isEmpty)
        query.after = .before(date: 8, id: nil)
        #expect(try MediaSearcher(store: index.store).search(query).found.count == 10)
    }

    @Test("A shuffled order differs from seed to seed and not from page size to page size")
    func shuffled() throws {
        try index.add((0..<200).map { TestIndex.Media(name: "\($0).png", date: $0) })
        let searcher = MediaSearcher(store: index.store)
        var query = MediaQuery()
        func order(_ seed: UInt64, limit: Int) throws -> [Int] {
            query.order = .random(seed: seed)
            query.limit = limit
            return try index.pages(query, searcher).flatMap { $0 }
        }
        let one = try order(1, limit: 7)
        #expect(try order(1, limit: 200) == one)
        let two = try order(2, limit: 50)
        #expect(two != one && Set(two) == Set(one) && one.count == 200)
        #expect(one != one.sorted() && one != one.sorted(by: >))
    }

    @Test("A folder that got another path is found by the new one at once")
    func movedFolder() throws {
        let file = try index.add(TestIndex.Media(folder: "old place", name: "x.png", date: 1))
        try index.indexTexts()
        let searcher = MediaSearcher(store: index.store)
        var query = MediaQuery()
        query.text = "OLD place/x"
        #expect(try searcher.search(query).found.map(\.key.id) == [file])
        try index.store.pool.write { database in
            try database.execute(sql: "UPDATE directory SET path = 'new place' WHERE path = 'old place'")
        }
        #expect(try searcher.search(query).found.isEmpty)
        query.text = "new place/x"
        #expect(try searcher.search(query).found.first?.path == "/pictures/new place/x.png")
    }

    @Test("A pattern is given up when the time for a query is over, and an invalid one at once")
    func deadline() throws {
        try index.add((0..<100).map { TestIndex.Media(name: "\($0).png", date: $0) })
        var searcher = MediaSearcher(store: index.store)
        searcher.patternTime = .zero
        var query = MediaQuery()
        query.pattern = "nothing"
        #expect(throws: MediaQueryError.patternTooSlow) { try searcher.search(query) }
        query.pattern = "("
        #expect(throws: MediaQueryError.self) { try MediaSearcher(store: index.store).search(query) }
        query.pattern = "(a|aa|aaa)+$"
        try index.add(TestIndex.Media(name: "b.png", date: 1, text: String(repeating: "a", count: 4000) + "!"))
        #expect(throws: MediaQueryError.patternTooSlow) { try MediaSearcher(store: index.store).search(query) }
    }
}
