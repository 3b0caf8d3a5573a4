import Domain
import HTTPTypes
import Hummingbird

/// `GET /api/contents/{sha256}`: the bytes of a content, whole or in part; they never change.
struct ContentRoutes {
    let library: any LibraryService

    var routes: [Route] {
        [Route(.get, "/api/contents/{sha256}") { request, context in try await content(request, context) }]
    }

    private func content(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let sha256 = context.parameters.get("sha256"), ContentHash(hex: sha256)?.hex == sha256,
            let content = try await library.contentFile(sha256: sha256), let file = ServedFile(path: content.path)
        else { throw APIError(.notFound, "the library has no such content") }
        return try await file.response(
            to: request,
            context: context,
            tag: "\"\(sha256)\"",
            headers: [
                .contentType: content.mime, .cacheControl: "private, max-age=31536000, immutable",
                // What people collect must not act as a page of this server's.
                .contentSecurityPolicy: "default-src 'none'; sandbox", .xContentTypeOptions: "nosniff",
            ],
            servesRanges: true
        )
    }
}
