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
        try writeOperation(durably: durably) { try Self.begin(plan, phase, at: now, $0) }
    }

    /// Notes operations before any of them begins, in one transaction; answers their ids in order.
    ///
    /// It waits until the notes survive a power cut when one of them changes files at once and hides what people have.
    func beginOperations(_ plans: [FilePlan], at now: Milliseconds) throws -> [Int] {
        try writeOperation(durably: plans.contains { $0.copies.isEmpty && $0.hidesSources }) { database in
            try plans.map { try Self.begin($0, $0.copies.isEmpty ? .changing : .copying, at: now, database) }
        }
    }

    private static func begin(
        _ plan: FilePlan,
        _ phase: OperationPhase,
        at now: Milliseconds,
        _ database: Database
    ) throws -> Int {
        try database.cachedStatement(sql: "INSERT INTO file_operation (phase, started, plan) VALUES (?, ?, ?)")
            .execute(arguments: [phase.rawValue, now, text(plan)])
        return Int(database.lastInsertedRowID)
    }

    /// Notes that copies are made and the next phase begins, with the plans as they are now; as durably as
    /// ``beginOperations(_:at:)``.
    func continueOperations(_ operations: [(id: Int, plan: FilePlan)]) throws {
        try writeOperation(durably: operations.contains { $0.plan.hidesSources }) { database in
            for (id, plan) in operations {
                try database.cachedStatement(sql: "UPDATE file_operation SET phase = ?, plan = ? WHERE id = ?")
                    .execute(arguments: [OperationPhase.changing.rawValue, Self.text(plan), id])
            }
        }
    }

    /// Ends an operation.
    func endOperation(_ id: Int) throws { try endOperations([id]) }

    /// Ends operations, in one transaction.
    func endOperations(_ ids: [Int]) throws {
        try pool.write { try Self.end(ids, $0) }
    }

    private static func end(_ ids: [Int], _ database: Database) throws {
        for id in ids {
            try database.cachedStatement(sql: "DELETE FROM file_operation WHERE id = ?").execute(arguments: [id])
        }
    }

    /// Lets the rows follow what was done to the disk, in one transaction with the note of it.
    func commitOperation(_ id: Int, _ plan: FilePlan) throws -> (changes: LibraryChanges, movedFolders: [Int]) {
        try commitOperations([(id, plan)], ending: [])
    }

    /// Lets the rows follow what was done to the disk, in one transaction with the notes of it; `undone` are operations
    /// that end without having changed anything.
    func commitOperations(
        _ done: [(id: Int, plan: FilePlan)],
        ending undone: [Int]
    ) throws -> (changes: LibraryChanges, movedFolders: [Int]) {
        try pool.write { database in
            let result = try Self.apply(done.flatMap(\.plan.rows), database)
            try Self.end(undone + done.filter { $0.plan.leftovers.isEmpty }.map(\.id), database)
            for (id, plan) in done where !plan.leftovers.isEmpty {
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
