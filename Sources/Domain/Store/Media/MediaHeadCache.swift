import GRDB
import Synchronization

/// Keeps, for each connection that reads, the newest rows of the index as long as nobody changes the database.
///
/// For each connection, since only of one and the same does SQLite tell that nothing was committed between two of its
/// transactions (`PRAGMA data_version`), whoever else may write, another process too.
final class MediaHeadCache: Sendable {
    /// More connections than this are not open at a time; those counted above it are closed ones.
    private static let connectionLimit = 8
    /// From which search of a version on the rows are kept.
    static let searchesBefore = 8

    private struct Kept {
        var version: Int
        /// How many searches came at this version.
        var searches = 1
        /// `nil` as long as few searches came: to read the rows costs what it saves some eight of them.
        var head: MediaHead?
    }

    private let kept = Mutex<[Int: Kept]>([:])
    private let limit: MediaHead.Limit

    init(limit: MediaHead.Limit = MediaHead.Limit()) { self.limit = limit }

    /// The newest rows as the transaction sees them; `nil` when they are not worth being read yet.
    func head(_ database: Database) throws -> MediaHead? {
        let connection = try Self.number("SELECT \(ConnectionNumber.name)()", database)
        let version = try Self.number("PRAGMA data_version", database)
        let known = kept.withLock { kept in
            let known = kept[connection]
            if known?.version == version {
                kept[connection]?.searches += 1
            } else {
                if kept.count >= Self.connectionLimit, known == nil { kept = [:] }
                kept[connection] = Kept(version: version)
            }
            return known
        }
        guard let known, known.version == version else { return nil }
        if let head = known.head { return head }
        guard known.searches >= Self.searchesBefore else { return nil }
        let head = try MediaHead(MediaReading(database, .text), limit: limit)
        kept.withLock { $0[connection] = Kept(version: version, searches: known.searches, head: head) }
        return head
    }

    /// How many connections are remembered.
    var count: Int { kept.withLock { $0.count } }

    private static func number(_ sql: String, _ database: Database) throws -> Int {
        let statement = try MediaStatement(cached: sql, database)
        guard try statement.step() else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        defer { statement.reset() }
        return statement.int(0)
    }
}
