import Foundation
import GRDB

extension Store {
    /// A pending record as an import begins with it.
    struct ImportJob: Sendable {
        var id: Int
        var path: String
        /// The hash that is known of the file, and how the file was then.
        var kept: (hash: ContentHash, status: FileStatus)?
        /// The names of the pictures that wait with it.
        var images: [String]
    }

    /// What an import does with one record.
    struct Promotion {
        var job: ImportJob
        var hash: ContentHash
        /// Bytes of the file that was hashed.
        var size: Int
        var strategy: ModelImport.Strategy?
        /// The task and the number of the record in it, when the outcome is to be known after a crash.
        var step: (task: String, number: Int)?
    }

    /// The records of these ids; unknown ids are left out.
    func importJobs(_ ids: [Int]) throws -> [Int: ImportJob] {
        try pool.read { database in
            let list = JSON.array(Set(ids).map { .int(Int64($0)) }).text
            let sql = """
                SELECT id, path, sha256, hashed_size, hashed_mtime_ns, meta FROM pending_model
                WHERE id IN (SELECT value FROM json_each(?))
                """
            let jobs = try Row.fetchAll(database, sql: sql, arguments: [list]).map { row in
                var job = ImportJob(
                    id: row[0],
                    path: row[1],
                    images: ModelMeta.images(try JSONParser.parse(row[5] as String))
                )
                if let bytes = row[2] as Data?, let hash = ContentHash(bytes: bytes), let size = row[3] as Int?,
                    let modified = row[4] as Int?
                {
                    job.kept = (hash, FileStatus(size: size, modified: modified))
                }
                return job
            }
            return Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0) })
        }
    }

    /// Keeps the hash of a record's file, so that the file need not be read again.
    func keepHash(_ hash: ContentHash, _ status: FileStatus, of job: ImportJob) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    UPDATE pending_model SET sha256 = ?, hashed_size = ?, hashed_mtime_ns = ? WHERE id = ? AND path = ?
                    """,
                arguments: [Data(hash.bytes), status.size, status.modified, job.id, job.path]
            )
        }
    }

    /// Makes a pending record a model, or does what the strategy says, in one transaction (contracts/gallery.md §3).
    ///
    /// `placeSample` is called inside it when a model is written.
    func promote(
        _ promotion: Promotion,
        placeSample: (Database) throws -> Void = { _ in }
    ) throws -> (outcome: ModelImport.Outcome, changes: ModelChanges) {
        try pool.write { database in
            let (job, hash) = (promotion.job, promotion.hash)
            guard let pending = try Self.pending(job, database) else {
                return (.failed(.notFound), ModelChanges())
            }
            let existing = try Self.model(hash, database)
            if let existing, promotion.strategy == nil {
                let place = ModelImport.Place(id: hash.hex, path: existing.path)
                return (
                    .conflict(hash, pending: .init(id: "\(job.id)", path: job.path), existing: place), ModelChanges()
                )
            }
            if promotion.strategy == .ignore { return (.ignored(hash), ModelChanges()) }

            try database.execute(sql: "DELETE FROM pending_model WHERE id = ?", arguments: [job.id])
            var changes = ModelChanges()
            let outcome: ModelImport.Outcome
            if promotion.strategy == .delete {
                outcome = .deleted(hash)
            } else {
                outcome = .success(hash)
                let found = ModelRecord(pending, hash: hash, size: promotion.size)
                let merged = promotion.strategy == .merge ? existing?.filled(from: found) : nil
                let id = try Self.putModel(merged ?? found, database)
                try Self.addWords(pending.words.map(\.id), toModel: id, database)
                try placeSample(database)
                if let written = try Self.model(hash, database), written != existing {
                    changes.models = [(existing == nil ? .added : .changed, written)]
                }
            }
            try Self.note(outcome, of: job, promotion.step, database)
            return (outcome, changes)
        }
    }

    /// Removes a record whose file has no hash, in one transaction.
    func drop(_ job: ImportJob, step: (task: String, number: Int)?) throws -> ModelImport.Outcome {
        try pool.write { database in
            guard try Self.pending(job, database) != nil else { return .failed(.notFound) }
            try database.execute(sql: "DELETE FROM pending_model WHERE id = ?", arguments: [job.id])
            try Self.note(.deleted(nil), of: job, step, database)
            return .deleted(nil)
        }
    }

    /// The record of a job; `nil` when it is gone, or its id names another by now.
    private static func pending(_ job: ImportJob, _ database: Database) throws -> PendingModel? {
        try pendingModel(job.id, database).flatMap { $0.path == job.path ? $0 : nil }
    }

    /// Keeps what was done with a record until its task has ended.
    private static func note(
        _ outcome: ModelImport.Outcome,
        of job: ImportJob,
        _ step: (task: String, number: Int)?,
        _ database: Database
    ) throws {
        guard let step else { return }
        try database.execute(
            sql: "INSERT OR REPLACE INTO model_import (task, step, outcome) VALUES (?, ?, ?)",
            arguments: [step.task, step.number, outcome.json(id: job.id).text]
        )
    }

    /// What an earlier attempt of an import has done with the records of these steps; what ended imports did is forgotten.
    func importOutcomes(of task: String) throws -> [Int: ModelImport.Outcome] {
        try pool.write { database in
            try database.execute(
                sql: """
                    DELETE FROM model_import
                    WHERE task NOT IN (SELECT id FROM task WHERE state IN ('queued', 'running')) AND task <> ?
                    """,
                arguments: [task]
            )
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT step, outcome FROM model_import WHERE task = ?",
                arguments: [task]
            )
            let outcomes = try rows.compactMap { row in
                ModelImport.Outcome(json: try JSONParser.parse(row[1] as String)).map { (row[0] as Int, $0) }
            }
            return Dictionary(uniqueKeysWithValues: outcomes)
        }
    }
}
