import GRDB
import GRDBSQLite

/// A prepared statement that one transaction runs for many rows: values go to SQLite as they are, without a list of
/// boxed arguments in between.
///
/// For use inside one transaction, on its thread. Values are bound in the order of the parameters, all of them, then
/// ``run()`` is called; what SQLite refuses is thrown there.
final class WriteStatement {
    private let owner: Statement
    private let statement: OpaquePointer
    private var position: Int32 = 0
    /// The first refusal of a value.
    private var refusal = SQLITE_OK

    /// The connection's own statement for this text; only one at a time may be in use.
    init(_ sql: String, _ database: Database) throws {
        owner = try database.cachedStatement(sql: sql)
        statement = owner.sqliteStatement
        sqlite3_reset(statement)
    }

    deinit {
        sqlite3_reset(statement)
        // What was bound is not kept in memory with the statement.
        sqlite3_clear_bindings(statement)
    }

    func bind(_ value: Int) { note(sqlite3_bind_int64(statement, advance(), Int64(value))) }

    func bind(_ value: Int?) {
        if let value { bind(value) } else { bindNull() }
    }

    func bind(_ value: Double?) {
        if let value { note(sqlite3_bind_double(statement, advance(), value)) } else { bindNull() }
    }

    func bind(_ value: String) {
        var value = value
        let index = advance()
        note(
            value.withUTF8 { text in
                text.withMemoryRebound(to: CChar.self) {
                    // SQLite copies the text, and takes no address for NULL.
                    guard let start = $0.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, nil) }
                    return sqlite3_bind_text(statement, index, start, Int32(clamping: $0.count), Self.copied)
                }
            }
        )
    }

    func bind(_ value: String?) {
        if let value { bind(value) } else { bindNull() }
    }

    private func bindNull() { note(sqlite3_bind_null(statement, advance())) }

    /// Runs it once with what was bound; answers how many rows it changed, those of triggers not counted.
    @discardableResult
    func run() throws -> Int {
        position = 0
        let code = refusal == SQLITE_OK ? sqlite3_step(statement) : refusal
        guard code == SQLITE_DONE else {
            let message = String(cString: sqlite3_errmsg(connection))
            sqlite3_reset(statement)
            refusal = SQLITE_OK
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
        sqlite3_reset(statement)
        return Int(sqlite3_changes(connection))
    }

    /// The id of the row that was inserted last.
    var insertedID: Int { Int(sqlite3_last_insert_rowid(connection)) }

    private var connection: OpaquePointer? { sqlite3_db_handle(statement) }

    private func advance() -> Int32 {
        position += 1
        return position
    }

    private func note(_ code: Int32) {
        if refusal == SQLITE_OK { refusal = code }
    }

    /// SQLITE_TRANSIENT, which is a macro with a cast.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
