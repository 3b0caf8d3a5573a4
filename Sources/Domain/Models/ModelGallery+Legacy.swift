import ServiceLifecycle
import Synchronization

extension ModelGallery {
    /// Takes over a legacy database and the pictures in a folder, both of which lie below the configured folder.
    ///
    /// Paths are absolute, or count from that folder. What is there already stays. Throws ``LegacyMigrationError``, and
    /// `CancellationError` when the caller is cancelled or the server shuts down; what was done until then stays done.
    package func migrateLegacy(database: String, pictures: String?) async throws -> LegacyReport {
        let stop = StopFlag()
        return try await cancelWhenGracefulShutdown { [self] in
            try await OwnThreads.run("models.legacy", isPolite: true, cancel: stop.set) { [self] in
                let folder = try LegacyFolder(legacyFolder)
                let file = try folder.file(database)
                let pictures = try pictures.map(folder.folder)
                let legacy = try LegacyModelDatabase(path: file)
                let (rows, words) = (try legacy.models(), try legacy.words())
                var migration = LegacyMigration(rows, words: words, into: self, pictures: pictures, stop: stop)
                // Two at once, as of an impatient client, would find the same to do.
                return try migrations.withLock { _ in try migration.run() }
            }
        }
    }
}
