import Domain
import HTTPTypes
import Hummingbird

/// `POST /api/images/upload`: a further sample picture of a model (contracts/gallery.md §4).
struct GalleryUploadRoutes {
    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let limit: Int

    var routes: [Route] {
        [Route(.post, "/api/images/upload") { request, _ in try await upload(request) }]
    }

    private func upload(_ request: Request) async throws -> Response {
        guard request.mediaType == "multipart/form-data" else {
            throw GalleryError(.badRequest, "Content-Type must be multipart/form-data")
        }
        let form: MultipartForm
        do {
            form = try await MultipartForm(request, limit: limit, fields: ["image": limit, "sha256": 1024])
        } catch let failure as MultipartFailure {
            throw GalleryError(.badRequest, failure.message)
        }
        guard let picture = form["image"], !picture.isEmpty, let text = form.text("sha256"), !text.isEmpty else {
            throw GalleryError(.badRequest, "Missing image or sha256")
        }
        guard let hash = ContentHash(hex: text) else {
            throw GalleryError(.badRequest, "sha256 must be 64 hex digits")
        }
        let number = try await gallery.addSample(picture, to: hash)
        return .json {
            $0.field("status", "success")
            $0.field("base_name", SampleName.text(hash, number))
        }
    }
}
