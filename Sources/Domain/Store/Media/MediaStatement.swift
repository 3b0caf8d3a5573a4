import GRDB
import GRDBSQLite

/// A prepared statement that searches step over, its columns read where SQLite has them: no value is made of a row
/// that does not match.
///
/// For use inside one transaction, on its thread.
final class MediaStatement {
    private let owner: Statement
    private let statement: OpaquePointer

    /// The connection's own statement for this text; only one at a time may be in use.
    init(cached sql: String, _ database: Database) throws {
        owner = try database.cachedStatement(sql: sql)
        statement = owner.sqliteStatement
    }

    /// A statement of its own, for several with the same text.
    init(_ sql: String, _ database: Database) throws {
        owner = try database.makeStatement(sql: sql)
        statement = owner.sqliteStatement
    }

    // A statement that is not reset would keep the snapshot of its transaction.
    deinit { sqlite3_reset(statement) }

    /// Starts over with other arguments.
    func bind(_ arguments: Int...) {
        sqlite3_reset(statement)
        for (index, argument) in arguments.enumerated() {
            sqlite3_bind_int64(statement, Int32(index + 1), Int64(argument))
        }
    }

    /// Starts over with a text as the only argument.
    func bind(_ text: String) throws {
        sqlite3_reset(statement)
        try owner.setArguments([text])
    }

    /// Goes to the next row; `false` after the last one.
    func step() throws -> Bool {
        let code = sqlite3_step(statement)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(statement)
            return false
        default: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "a search step failed")
        }
    }

    /// Leaves the rows alone; needed before another's use of the same cached statement.
    func reset() { sqlite3_reset(statement) }

    /// An integer column; 0 for NULL.
    func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    /// A real column; 0 for NULL.
    func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// The bytes of a text column, until the next step; empty for NULL.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        // As a blob, because a text would be copied to stand before a NUL.
        guard let start = sqlite3_column_blob(statement, column) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    }
}
