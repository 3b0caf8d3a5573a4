import Domain
import HTTPTypes
import Hummingbird

/// `POST /api/migration/migrate_legacy_db`: taking over the database of an older gallery (contracts/gallery.md §4).
///
/// Both paths come from the client: only what lies below the configured folder is read, and nothing without one.
struct GalleryMigrationRoutes {
    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let bodyLimit: Int

    var routes: [Route] {
        [Route(.post, "/api/migration/migrate_legacy_db") { request, _ in try await migrate(request) }]
    }

    private func migrate(_ request: Request) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit)
        guard let database = body["legacy_db_path"]?.string, !database.isEmpty else {
            throw GalleryError(.badRequest, "legacy_db_path is required")
        }
        if let pictures = body["legacy_images_dir"], pictures.string == nil {
            throw GalleryError(.badRequest, "legacy_images_dir must be a string")
        }
        let pictures = body["legacy_images_dir"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let report = try await gallery.migrateLegacy(database: database, pictures: pictures)
        return .json { writer in
            writer.field("status", report.errors > 0 ? "failed" : "success")
            writer.field(
                "db_migration",
                object: {
                    $0.field("migrated", report.migrated)
                    $0.field("pending", report.pending)
                    $0.field("errors", report.errors)
                    $0.field("images_processed", report.pictures)
                    $0.field("image_errors", report.pictureErrors)
                }
            )
        }
    }
}
