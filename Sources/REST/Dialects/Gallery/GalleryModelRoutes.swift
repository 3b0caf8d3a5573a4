import Domain
import HTTPTypes
import Hummingbird

/// The models of the gallery (contracts/gallery.md §3).
struct GalleryModelRoutes {
    let configuration: GalleryConfiguration
    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let bodyLimit: Int

    var routes: [Route] {
        [
            Route(.get, "/api/models") { request, _ in try await list(request) },
            Route(.get, "/api/models/get_types") { _, _ in types() },
            Route(.get, "/api/models/{sha256}") { _, context in try await model(context) },
            Route(.patch, "/api/models/{sha256}") { request, context in try await change(request, context) },
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try GalleryModelQuery(request)
        let (models, total) = try await gallery.models(query.models)
        var writer = JSONWriter(capacity: 64 + 320 * models.count)
        writer.object {
            $0.field("models", array: { for model in models { $0.value(listed: model) } })
            if query.isOurs { $0.field("total", total) }
        }
        return .json(writer.bytes)
    }

    private func types() -> Response {
        .json { $0.field("types", gallery.folders.kinds.map(\.name)) }
    }

    private func model(_ context: APIContext) async throws -> Response {
        guard let model = try await gallery.model(try hash(context)) else { throw ModelGalleryError.unknownModel }
        return answer(model)
    }

    private func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit)
        let hash = try hash(context)
        return answer(try await gallery.change(hash) { try ModelGallery.Changes(body, path: $0.path) })
    }

    private func answer(_ model: ModelRecord) -> Response {
        var writer = JSONWriter(capacity: 1024)
        writer.value(model, configuration.metaForm)
        return .json(writer.bytes)
    }

    private func hash(_ context: APIContext) throws -> ContentHash {
        guard let text = context.parameters.get("sha256").flatMap({ PercentEncoding.decode($0) }),
            let hash = ContentHash(hex: text)
        else { throw ModelGalleryError.unknownModel }
        return hash
    }
}

extension ModelGallery.Changes {
    /// What the members of a body set; those of a whole record that nobody may set are ignored.
    ///
    /// `path` is the model's: whoever sends it back as it is, which need not be how paths are written here, changes
    /// nothing. Throws ``GalleryError`` with status 400 for a member of the wrong type.
    init(_ body: GalleryBody, path known: String) throws(GalleryError) {
        self.init()
        if let value = body["name"] {
            guard let name = value.string else { throw GalleryError(.badRequest, "name must be a string") }
            self.name = name
        }
        if body.names("type") {
            let value = body["type"]
            guard value == nil || value?.string != nil else {
                throw GalleryError(.badRequest, "type must be a string")
            }
            type = .some(value?.string)
        }
        // A record that is sent back whole has both; the contract's name counts.
        if let value = body["meta_json"] ?? body["meta"] { meta = try Self.meta(value) }
        if body.names("tags") {
            guard let list = body["tags"]?.array else {
                throw GalleryError(.badRequest, "tags must be a list of IDs")
            }
            words = list.compactMap { $0["id"]?.looseInteger ?? $0.looseInteger }
        }
        if let value = body["path"], value.string != known {
            guard let path = value.string, path.hasPrefix("/") else {
                throw GalleryError(.badRequest, "path must be an absolute path")
            }
            self.path = path
        }
    }

    /// Reads `meta_json`: an object, or a text that holds one; an empty text is an empty object.
    private static func meta(_ value: JSON) throws(GalleryError) -> JSON {
        if case .object = value { return value }
        if value == "" { return [:] }
        if let text = value.string, let read = try? JSONParser.parse(text), case .object = read { return read }
        throw GalleryError(.badRequest, "meta_json must be a JSON object")
    }
}
