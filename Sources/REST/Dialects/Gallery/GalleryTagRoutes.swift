import Domain
import HTTPTypes
import Hummingbird

/// The words of models and assets; `GET /api/tags` is the path of two dialects.
///
/// Without a parameter of the assets API it answers as the gallery's: all tags by name (contracts/gallery.md §3). With
/// any, that API's rules, defaults and errors hold (contracts/comfy-assets.md §7.1).
struct GalleryTagRoutes {
    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let bodyLimit: Int

    var routes: [Route] {
        [
            Route(.get, "/api/tags") { request, _ in try await list(request) },
            Route(.post, "/api/tags_add") { request, _ in try await add(request) },
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let query = QueryMembers(request)
        guard AssetsTagQuery.isMeant(by: query) else {
            let words = try await gallery.words()
            return Self.answer(words, total: words.count, hasMore: false, withIDs: true)
        }
        let asked: ModelGallery.WordQuery
        do throws(AssetsError) {
            asked = try AssetsTagQuery.read(query)
        } catch {
            return error.response
        }
        let (words, total) = try await gallery.words(asked)
        return Self.answer(words, total: total, hasMore: asked.offset + words.count < total, withIDs: false)
    }

    private static func answer(_ words: [ModelWord], total: Int, hasMore: Bool, withIDs: Bool) -> Response {
        var writer = JSONWriter(capacity: 64 + 64 * words.count)
        writer.object { writer in
            writer.field(
                "tags",
                array: { writer in
                    for word in words {
                        writer.object {
                            if withIDs { $0.field("id", word.id) }
                            $0.field("name", word.name)
                            $0.field("count", word.count)
                            $0.field("type", word.isSystem ? "system" : "user")
                        }
                    }
                }
            )
            writer.field("total", total)
            writer.field("has_more", hasMore)
        }
        return .json(writer.bytes)
    }

    private func add(_ request: Request) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit)
        guard let list = body["newtags"]?.array else { throw GalleryError(.badRequest, "newtags must be a list") }
        let words = try await gallery.addWords(list.compactMap(\.string))
        return .json { $0.value(tags: words) }
    }
}
