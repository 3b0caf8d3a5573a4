import Domain
import HTTPTypes
import Hummingbird

/// `GET /thumbnails/{sha256}.webp`: the small picture of a content; it never changes, so it may be kept for ever.
struct ThumbnailRoutes {
    let library: any LibraryService

    var routes: [Route] {
        [Route(.get, "/thumbnails/{sha256}.webp") { request, context in try await thumbnail(request, context) }]
    }

    private func thumbnail(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let sha256 = context.parameters.get("sha256"), ContentHash(hex: sha256)?.hex == sha256,
            let path = try await library.thumbnailFile(sha256: sha256), let file = ServedFile(path: path)
        else { throw APIError(.notFound, "there is no such thumbnail") }
        return try await file.response(
            to: request,
            context: context,
            tag: "\"\(sha256)\"",
            headers: [.contentType: "image/webp", .cacheControl: "private, max-age=31536000, immutable"]
        )
    }
}
