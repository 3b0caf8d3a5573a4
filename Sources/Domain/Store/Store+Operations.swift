import Foundation
import GRDB

extension Store {
    /// How far an operation on files is.
    enum OperationPhase: Int {
        case copying = 1
        case changing = 2
        case cleaning = 3
    }

    /// An operation that has begun and not ended.
    struct UnfinishedOperation {
        var id: Int
        var phase: OperationPhase
        var started: Milliseconds
        var plan: FilePlan
    }

    /// Notes an operation before it begins; `durably` waits until the note survives a power cut.
    func beginOperation(
        _ plan: FilePlan,
        phase: OperationPhase,
        at now: Milliseconds,
        durably: Bool
    ) throws -> Int {
        try writeOperation(durably: durably) { database in
            try database.cachedStatement(sql: "INSERT INTO file_operation (phase, started, plan) VALUES (?, ?, ?)")
                .execute(arguments: [phase.rawValue, now, Self.text(plan)])
            return Int(database.lastInsertedRowID)
        }
    }

    /// Notes that copies are made and the next phase begins, with the plan as it is now.
    func continueOperation(_ id: Int, _ plan: FilePlan, durably: Bool) throws {
        try writeOperation(durably: durably) { database in
            try database.cachedStatement(sql: "UPDATE file_operation SET phase = ?, plan = ? WHERE id = ?")
                .execute(arguments: [OperationPhase.changing.rawValue, Self.text(plan), id])
        }
    }

    /// Ends an operation.
    func endOperation(_ id: Int) throws {
        try pool.write { database in
            try database.cachedStatement(sql: "DELETE FROM file_operation WHERE id = ?").execute(arguments: [id])
        }
    }

    /// Lets the rows follow what was done to the disk, in one transaction with the note of it.
    func commitOperation(_ id: Int, _ plan: FilePlan) throws -> (changes: LibraryChanges, movedFolders: [Int]) {
        try pool.write { database in
            let result = try Self.apply(plan.rows, database)
            if plan.leftovers.isEmpty {
                try database.cachedStatement(sql: "DELETE FROM file_operation WHERE id = ?").execute(arguments: [id])
            } else {
                try database.cachedStatement(sql: "UPDATE file_operation SET phase = ? WHERE id = ?")
                    .execute(arguments: [OperationPhase.cleaning.rawValue, id])
            }
            return result
        }
    }

    /// The operations that have not ended, newest first; those that cannot be read are forgotten and counted.
    func unfinishedOperations() throws -> (operations: [UnfinishedOperation], unreadable: Int) {
        try pool.write { database in
            var found: [UnfinishedOperation] = []
            var unreadable: [Int] = []
            for row in try Row.fetchAll(
                database,
                sql: "SELECT id, phase, started, plan FROM file_operation ORDER BY id DESC"
            ) {
                let text: String = row[3]
                guard let phase = OperationPhase(rawValue: row[1]),
                    let plan = try? JSONDecoder().decode(FilePlan.self, from: Data(text.utf8))
                else {
                    unreadable.append(row[0])
                    continue
                }
                found.append(UnfinishedOperation(id: row[0], phase: phase, started: row[2], plan: plan))
            }
            for id in unreadable {
                try database.execute(sql: "DELETE FROM file_operation WHERE id = ?", arguments: [id])
            }
            return (found, unreadable.count)
        }
    }

    private func writeOperation<Value>(durably: Bool, _ body: (Database) throws -> Value) throws -> Value {
        guard durably else { return try pool.write(body) }
        return try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
            var value: Value?
            try database.inTransaction {
                value = try body(database)
                return .commit
            }
            guard let value else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
            return value
        }
    }

    private static func text(_ plan: FilePlan) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(plan), as: UTF8.self)
    }
}
