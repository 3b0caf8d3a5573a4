import Domain
import HTTPTypes
import Hummingbird

/// All routes of the model gallery's dialect, one part a resource (contracts/gallery.md).
struct GalleryRoutes {
    let configuration: GalleryConfiguration
    let gallery: ModelGallery
    /// The greatest body of JSON, in bytes.
    let jsonLimit: Int
    /// The greatest body of an upload, in bytes.
    let uploadLimit: Int

    var routes: [Route] {
        let parts: [[Route]] = [
            [Route(.get, "/api/hello", permission: .open) { _, _ in .json { $0.field("status", "ok") } }],
            GalleryModelRoutes(configuration: configuration, gallery: gallery, bodyLimit: jsonLimit).routes,
            GalleryScanRoutes(gallery: gallery, bodyLimit: jsonLimit).routes,
            GallerySampleRoutes(gallery: gallery, bodyLimit: jsonLimit).routes,
            GalleryUploadRoutes(gallery: gallery, limit: uploadLimit).routes,
            GalleryPendingRoutes(configuration: configuration, gallery: gallery).routes,
            GalleryImportRoutes(gallery: gallery, bodyLimit: jsonLimit).routes,
            GalleryMigrationRoutes(gallery: gallery, bodyLimit: jsonLimit).routes,
            GalleryTagRoutes(gallery: gallery, bodyLimit: jsonLimit).routes,
        ]
        return parts.flatMap(\.self)
    }
}
