import GRDB

/// The tables of the task.
enum TaskSchema {
    static func create(_ database: Database) throws {
    }
}
