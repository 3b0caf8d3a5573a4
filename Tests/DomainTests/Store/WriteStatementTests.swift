import GRDB
import Testing

@testable import Domain

/// A prepared statement whose values are bound without a list of arguments.
struct WriteStatementTests {
    private let queue: DatabaseQueue

    init() throws {
        queue = try DatabaseQueue()
        try queue.write { try $0.execute(sql: "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL, d TEXT) STRICT") }
    }

    private static let insertion = "INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"

    @Test("Values of all kinds arrive as they are, with NUL bytes and empty texts, and none stays for the next row")
    func values() throws {
        try queue.write { database in
            let insert = try WriteStatement(Self.insertion, database)
            insert.bind(Int.min)
            insert.bind("caf\u{E9} \u{1F600} a\0b")
            insert.bind(0.25)
            insert.bind("")
            #expect(try insert.run() == 1 && insert.insertedID == .min)
            insert.bind(Int?.none)
            insert.bind(String?.none)
            insert.bind(Double?.none)
            insert.bind(String?.some("x"))
            #expect(try insert.run() == 1)
            let rows = try Row.fetchAll(database, sql: "SELECT a, hex(b), c, d FROM t ORDER BY b IS NULL")
            // In hexadecimal digits, because a text is read up to its first NUL.
            #expect(rows[0][0] == Int.min && rows[0][1] == "636166C3A920F09F988020610062")
            #expect(rows[0][2] == 0.25 && rows[0][3] == "")
            #expect(rows[1][1] == "" && rows[1][2] as Double? == nil && rows[1][3] == "x")
        }
    }

    @Test("A row that is there already is no change, and what is refused is thrown and can be followed by others")
    func refusals() throws {
        try queue.write { database in
            let insert = try WriteStatement("INSERT INTO t (a, b) VALUES (?, ?)", database)
            insert.bind(1)
            insert.bind("one")
            try insert.run()
            insert.bind(1)
            insert.bind("again")
            let error = #expect(throws: DatabaseError.self) { try insert.run() }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT)
            for value in 2...3 {
                insert.bind(value)
                insert.bind("more")
                if value == 3 { insert.bind("too many") }
                if value == 2 {
                    #expect(try insert.run() == 1)
                } else {
                    #expect(throws: DatabaseError.self) { try insert.run() }
                }
            }
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM t") == 2)
            let careful = try WriteStatement(Self.insertion, database)
            careful.bind(1)
            careful.bind("again")
            careful.bind(Double?.none)
            careful.bind("")
            #expect(try careful.run() == 0)
        }
    }
}
