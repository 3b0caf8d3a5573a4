import Foundation
import GRDB

extension Store {
    /// The hashes that have lost samples since the last call.
    func takeLostSamples() throws -> [ContentHash] {
        // Nearly always there are none: then nothing is written.
        let isNone = try pool.read { database in
            try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM model_sample_lost)") ?? true
        }
        if isNone { return [] }
        return try pool.write { database in
            try Row.fetchAll(database, sql: "DELETE FROM model_sample_lost RETURNING sha256").map {
                try Self.hash($0, 0)
            }
        }
    }
}
