import GRDB

/// The tables of the library.
enum LibrarySchema {
    static func create(_ database: Database) throws {
    }
}
