import Domain
import Hummingbird

/// Which models of a type `GET /api/models` answers (contracts/gallery.md §3).
///
/// Only `type` is the contract's. `q` (a part of the name, case ignored), `tags` and `exclude_tags` (ids, separated by
/// commas, of which a model has all or none), `limit` and `offset` are ours, and bring `total` with them.
struct GalleryModelQuery: Sendable {
    /// What is asked of Domain.
    private(set) var models: ModelGallery.Query
    /// Whether anything besides `type` is asked for.
    private(set) var isOurs = false

    /// Reads the query; throws ``GalleryError`` with status 400 for what is missing or no number.
    init(_ request: Request) throws(GalleryError) {
        let query = QueryMembers(request)
        guard let type = query["type"], !type.isEmpty else {
            throw GalleryError(.badRequest, "type parameter is required")
        }
        models = ModelGallery.Query(type: type.lowercased() == "others" ? nil : type)
        isOurs = ["q", "tags", "exclude_tags", "limit", "offset"].contains { query[$0] != nil }
        models.text = query["q"]
        models.words = try Self.ids(query, "tags")
        models.excludedWords = try Self.ids(query, "exclude_tags")
        models.limit = try Self.count(query, "limit")
        models.offset = try Self.count(query, "offset") ?? 0
    }

    private static func ids(_ query: QueryMembers, _ name: String) throws(GalleryError) -> [Int] {
        var ids: [Int] = []
        for part in (query[name] ?? "").split(separator: ",") {
            guard let id = LooseInteger.read(String(part)) else {
                throw GalleryError(.badRequest, "\(name) must be a list of IDs")
            }
            ids.append(id)
        }
        return ids
    }

    private static func count(_ query: QueryMembers, _ name: String) throws(GalleryError) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = LooseInteger.read(text), number >= 0 else {
            throw GalleryError(.badRequest, "\(name) must be an integer of at least 0")
        }
        return number
    }
}
