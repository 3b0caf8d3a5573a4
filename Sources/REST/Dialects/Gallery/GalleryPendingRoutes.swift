import Domain
import HTTPTypes
import Hummingbird

/// The models that wait to be imported, and their pictures (contracts/gallery.md §4).
struct GalleryPendingRoutes {
    let configuration: GalleryConfiguration
    let gallery: ModelGallery

    var routes: [Route] {
        [
            Route(.get, "/api/migration/pending_models") { _, _ in try await list() },
            Route(.get, "/api/migration/pending_model") { request, _ in try await model(request) },
            Route(.get, "/api/images/pending/{name}.webp") { request, context in
                try await picture(context.parameters.get("name"), request, context) { name in
                    if let path = try await gallery.pendingPicture(named: name) { return path }
                    return try await ofRecord(name)
                }
            },
            Route(.get, "/api/images/pending/{id}") { request, context in
                try await picture(context.parameters.get("id"), request, context) { id in
                    if let path = try await ofRecord(id) { return path }
                    return try await gallery.pendingPicture(named: id)
                }
            },
        ]
    }

    private func list() async throws -> Response {
        let models = try await gallery.pending()
        var writer = JSONWriter(capacity: 64 + 640 * models.count)
        writer.object { $0.field("models", array: { for model in models { $0.value(model, configuration.metaForm) } }) }
        return .json(writer.bytes)
    }

    private func model(_ request: Request) async throws -> Response {
        guard let text = QueryMembers(request)["id"], !text.isEmpty else {
            throw GalleryError(.badRequest, "id is required")
        }
        guard let id = LooseInteger.read(text) else { throw GalleryError(.badRequest, "id must be an integer") }
        guard let model = try await gallery.pending(id: id) else { throw ModelGalleryError.unknownPending }
        var writer = JSONWriter(capacity: 1024)
        writer.value(model, configuration.metaForm)
        return .json(writer.bytes)
    }

    /// The picture that `find` knows by a part of the request's path.
    ///
    /// It is the file that was found beside the model: it is sent in its own format, and can act as no page.
    private func picture(
        _ segment: String?,
        _ request: Request,
        _ context: APIContext,
        find: (String) async throws -> String?
    ) async throws -> Response {
        guard let text = segment.flatMap({ PercentEncoding.decode($0) }), let path = try await find(text),
            let file = ServedFile(path: path)
        else { return .pendingImageNotFound }
        let type = MediaTypes.type(of: path)
        return try await file.response(
            to: request,
            context: context,
            headers: [
                .contentType: type.hasPrefix("image/") ? type : "application/octet-stream",
                .cacheControl: "no-cache", .contentSecurityPolicy: "default-src 'none'; sandbox",
                .xContentTypeOptions: "nosniff",
            ]
        )
    }

    private func ofRecord(_ id: String) async throws -> String? {
        guard let id = Int(id) else { return nil }
        return try await gallery.pendingPicture(of: id)
    }
}

extension Response {
    /// There is no such picture: the dialect says it in plain text.
    fileprivate static var pendingImageNotFound: Response {
        var response = text("Pending image not found", type: "text/plain; charset=utf-8", status: .notFound)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
