import Domain
import Hummingbird

/// `/api/library/search`, `/tags` and `/folders`: how pictures, videos and sounds are found.
struct MediaRoutes {
    let index: MediaIndex

    var routes: [Route] {
        [
            Route(.get, "/api/library/search") { request, _ in try await search(request) },
            Route(.get, "/api/library/tags") { request, _ in try await tags(request) },
            Route(.get, "/api/library/folders") { request, _ in try await folders(request) },
        ]
    }

    private func search(_ request: Request) async throws -> Response {
        let asked = try MediaSearchRequest(request)
        guard let query = try await query(asked) else { return Self.page([], cursor: nil) }
        let page: MediaPage
        do {
            page = try await index.search(query)
        } catch MediaQueryError.invalidPattern(let message) {
            throw APIError(.badMessage, "this is no regular expression: \(message)", field: "regexp")
        } catch MediaQueryError.patternTooSlow {
            throw APIError(.badMessage, "this regular expression takes too long", field: "regexp")
        }
        let items = try await index.items(page.media, withTexts: asked.withTexts)
        return Self.page(items, cursor: page.next.map { MediaSearchCursor($0, query.order).text })
    }

    private static func page(_ items: [MediaItem], cursor: String?) -> Response {
        .json { writer in
            writer.field("items", array: { for item in items { $0.value(item) } })
            writer.field("cursor", cursor)
        }
    }

    /// The query with the names of tags as ids; `nil` when a file would need a tag that there is not.
    private func query(_ asked: MediaSearchRequest) async throws -> MediaQuery? {
        var query = asked.query
        for name in asked.tags {
            let ids = try await index.tags(named: name).map(\.id)
            if ids.isEmpty { return nil }
            query.tagGroups.append(ids)
        }
        for name in asked.anyTags { query.anyTags += try await index.tags(named: name).map(\.id) }
        if query.anyTags.isEmpty, !asked.anyTags.isEmpty { return nil }
        for name in asked.noTags { query.noTags += try await index.tags(named: name).map(\.id) }
        return query
    }

    private func tags(_ request: Request) async throws -> Response {
        let type = QueryMembers(request)["type"]
        let tags = try await type == MediaTag.custom ? index.customTags() : index.tags()
        return .json {
            $0.field("tags", array: { for tag in tags where type == nil || tag.type == type { $0.value(native: tag) } })
        }
    }

    private func folders(_ request: Request) async throws -> Response {
        let path = QueryMembers(request)["path"]
        if let path, path.utf8.first != UInt8(ascii: "/") || path.utf8.contains(0) {
            throw APIError(.badMessage, "path must be an absolute path", field: "path")
        }
        guard let folders = try await index.folders(in: path.map(Self.plain)) else {
            throw APIError(.notFound, "the library has no such folder", field: "path")
        }
        return .json { $0.field("folders", array: { for folder in folders { $0.value(folder) } }) }
    }

    /// A path without slashes at its end.
    private static func plain(_ path: String) -> String {
        let text = path.utf8.reversed().drop { $0 == UInt8(ascii: "/") }
        return text.isEmpty ? "/" : String(decoding: text.reversed(), as: UTF8.self)
    }
}

extension JSONWriter {
    /// Writes a file that was found: an **item** with `date`, `kind` and `tags`, and `text` when it was asked for.
    mutating func value(_ item: MediaItem) {
        object {
            $0.field("id", item.id)
            $0.field("sha256", item.sha256)
            $0.field("name", item.name)
            $0.field("root", item.root)
            $0.field("path", item.path)
            $0.field("mime", item.mime)
            $0.field("size", item.size)
            $0.field("width", item.width)
            $0.field("height", item.height)
            $0.field("thumbnail", item.thumbnail)
            $0.field("added", item.added)
            $0.field("date", item.date)
            $0.field("kind", item.kind.name)
            $0.field("tags", item.tags)
            $0.field("text", item.text)
        }
    }

    /// Writes `{id, name, type, count, color}`.
    mutating func value(native tag: MediaTag) {
        object {
            $0.field("id", tag.id)
            $0.field("name", tag.name)
            $0.field("type", tag.type)
            $0.field("count", tag.count)
            $0.field("color", tag.color)
        }
    }

    /// Writes `{path, files, newest}`.
    mutating func value(_ folder: MediaFolder) {
        object {
            $0.field("path", folder.path)
            $0.field("files", folder.files)
            $0.field("newest", array: { for item in folder.newest { $0.value(item) } })
        }
    }
}

extension MediaKind {
    /// The kind's word in the native API.
    var name: String {
        switch self {
        case .image: "image"
        case .video: "video"
        case .audio: "audio"
        }
    }
}
