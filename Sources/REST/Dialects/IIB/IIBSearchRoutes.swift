import Domain
import HTTPTypes
import Hummingbird

/// Searches of the index, by words and by tags (contracts/iib.md §4).
struct IIBSearchRoutes {
    let services: IIBServices

    private var index: MediaIndex { services.index }

    var routes: [IIBRoute] {
        [
            IIBRoute(.post, "/db/search_by_substr") { request, _ in try await words(request) },
            IIBRoute(.post, "/db/match_images_by_tags") { request, _ in try await tags(request) },
        ]
    }

    private func words(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        var query = MediaQuery()
        query.text = input.string("surstr")
        let cursor = input.string("cursor", default: "")
        let pattern = input.string("regexp", default: "")
        let canMatch = try input.narrow(&query)
        let size = input.integer("size", default: 200)
        query.isPathOnly = input.boolean("path_only", default: false)
        query.kinds = Self.kinds(input.optionalString("media_type"))
        try input.check()
        if !pattern.isEmpty { query.pattern = pattern }
        if !cursor.isEmpty { query.after = try await place(cursor) }
        return try await page(query, cursor: cursor, size: size, canMatch: canMatch)
    }

    private func tags(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        var query = MediaQuery()
        query.allTags = input.integers("and_tags", default: [])
        query.anyTags = input.integers("or_tags", default: [])
        query.noTags = input.integers("not_tags", default: [])
        let cursor = input.string("cursor", default: "")
        let canMatch = try input.narrow(&query)
        let size = input.integer("size", default: 200)
        let isShuffled = input.boolean("random_sort", default: false)
        try input.check()
        // Each has a statement of its own in the database.
        guard query.allTags.count + query.anyTags.count + query.noTags.count <= IIBInput.searchListLimit else {
            throw IIBError(.badRequest, "Too many tags")
        }
        query.needsTag = true
        if isShuffled {
            query.order = .random(seed: .random(in: .min ... .max))
            if !cursor.isEmpty {
                guard let place = IIBCursor.shuffled(cursor) else { throw Self.badCursor }
                query.order = place.order
                query.after = place.after
            }
        } else if !cursor.isEmpty {
            query.after = try await place(cursor)
        }
        return try await page(query, cursor: cursor, size: size, canMatch: canMatch)
    }

    private static let badCursor = IIBError(.badRequest, "Invalid cursor")

    private func place(_ cursor: String) async throws -> MediaCursor {
        let place = try await IIBCursor.dated(cursor) { id in try await index.media(ofFile: id)?.date }
        guard let place else { throw Self.badCursor }
        return place
    }

    private func page(_ query: MediaQuery, cursor: String, size: Int, canMatch: Bool) async throws -> Response {
        guard canMatch else { return Self.answer([], hasNext: false, next: "") }
        var query = query
        // There a negative number sets no bound, which the index knows too.
        query.limit = size == 0 ? 1 : min(size, Int(Int32.max))
        query.scope = try await services.access.policy().scope
        let page = try await index.search(query)
        if size == 0 { return Self.answer([], hasNext: !page.media.isEmpty, next: cursor) }
        if let next = page.next {
            return Self.answer(page.media, hasNext: true, next: IIBCursor.text(next, order: query.order))
        }
        let last = page.media.last.map { MediaCursor.before(date: $0.date, id: $0.id) }
        let next = query.order == .newest ? last.map { IIBCursor.text($0, order: query.order) } : nil
        return Self.answer(page.media, hasNext: false, next: next ?? "")
    }

    private static func answer(_ media: [IndexedMedia], hasNext: Bool, next: String) -> Response {
        IIBAnswer.object(capacity: 128 + 320 * media.count) { writer in
            writer.name("files")
            writer.value(media)
            writer.field(
                "cursor",
                object: {
                    $0.field("has_next", hasNext)
                    $0.field("next", next)
                }
            )
        }
    }

    /// The kinds of a word: everything without one, and videos for a word that nobody knows.
    private static func kinds(_ word: String?) -> Set<MediaKind>? {
        switch word {
        case nil, "", "all": nil
        case "image": [.image]
        case "audio": [.audio]
        default: [.video]
        }
    }
}
