import GRDB

@testable import Domain

/// An index over a real database whose rows tests write themselves, without files on the disk.
final class TestIndex: Sendable {
    /// A row of the index as tests want it.
    struct Media {
        var folder = ""
        var name: String
        var date: Int
        var text = ""
        var kind = MediaKind.image
        var size = 1000
        var width: Int? = 512
        var height: Int? = 512
        var seed: UInt64?
        var rating: Double?
        var model: String?
        var tags: [Int] = []
    }

    let test: TestLibrary
    let root: LibraryRoot
    var store: Store { test.store }

    init() throws {
        test = try TestLibrary()
        root = try test.store.addRoot("/pictures", at: 0)
    }

    /// Writes a row and answers its id.
    @discardableResult
    func add(_ media: Media) throws -> Int {
        try store.pool.write { try add(media, $0) }
    }

    /// Writes rows in one transaction and answers their ids.
    @discardableResult
    func add(_ media: [Media]) throws -> [Int] {
        try store.pool.write { database in try media.map { try add($0, database) } }
    }

    private func add(_ media: Media, _ database: Database) throws -> Int {
        let directory = try Store.directory(media.folder, of: root.id, device: 0, database)
        try database.cachedStatement(
            sql: "INSERT INTO file (directory, name, size, mtime_ns, added) VALUES (?, ?, ?, ?, 0)"
        ).execute(arguments: [directory, media.name, media.size, media.date * 1_000_000_000])
        let file = Int(database.lastInsertedRowID)
        try database.cachedStatement(sql: Self.insert).execute(
            arguments: [
                file, media.date, media.kind.rawValue, directory, media.size, media.width, media.height,
                media.seed.map(Store.column),
                media.rating, media.name, media.model, JSON.array(media.tags.map { .int(Int64($0)) }).text, media.text,
            ]
        )
        return file
    }

    private static let insert = """
        INSERT INTO media (
            file, date, kind, directory, size, width, height, seed, rating, name, model, tags, text
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    /// Makes an automatic tag and answers its id.
    func tag(_ name: String, type: String = "pos") throws -> Int {
        try store.pool.write { database in
            try database.execute(sql: "INSERT INTO tag (name, type) VALUES (?, ?)", arguments: [name, type])
            return Int(database.lastInsertedRowID)
        }
    }

    func remove(_ file: Int) throws { try execute("DELETE FROM file WHERE id = ?", [file]) }

    /// Changes rows in one transaction.
    func execute(_ sql: String, _ arguments: StatementArguments = []) throws {
        try store.pool.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// Takes all texts into the text index.
    func indexTexts() throws { while try store.indexTexts(limit: 1000, time: .seconds(10)) > 0 {} }

    /// The ids that a query finds, page for page to the end.
    func pages(_ query: MediaQuery, _ searcher: MediaSearcher) throws -> [[Int]] {
        var query = query
        var pages: [[Int]] = []
        repeat {
            let (found, next) = try searcher.search(query)
            pages.append(found.map(\.key.id))
            query.after = next
        } while query.after != nil
        return pages
    }
}
