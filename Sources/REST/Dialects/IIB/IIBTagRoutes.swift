import Domain
import HTTPTypes
import Hummingbird

/// The tags that people give (contracts/iib.md §5).
struct IIBTagRoutes {
    let configuration: IIBConfiguration
    let services: IIBServices

    private var index: MediaIndex { services.index }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/db/img_selected_custom_tag") { request, _ in try await tags(request) },
            IIBRoute(.post, "/db/get_image_tags") { request, _ in try await tagsOfMany(request) },
            IIBRoute(.post, "/db/add_custom_tag", .write) { request, _ in try await add(request) },
            IIBRoute(.post, "/db/toggle_custom_tag_to_img", .write) { request, _ in try await toggle(request) },
            IIBRoute(.post, "/db/batch_update_image_tag", .write) { request, _ in try await setOfMany(request) },
            IIBRoute(.post, "/db/remove_custom_tag", .write) { request, _ in try await remove(request) },
            IIBRoute(.post, "/db/update_tag", .write) { request, _ in try await update(request) },
            IIBRoute(.post, "/db/remove_custom_tag_from_img", .write) { request, _ in
                try await set(request, to: false)
            },
            // The web client calls it, and the server that it was made for has it not.
            IIBRoute(.post, "/db/add_custom_tag_from_img", .write) { request, _ in try await set(request, to: true) },
        ]
    }

    private func tags(_ request: Request) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        try input.check()
        let path = try await services.readable(name)
        guard MediaKind(name: path) != nil else { return IIBAnswer.json { $0.value([MediaTag]()) } }
        do {
            try await index.ensureIndexed([path])
        } catch is MediaIndexError {
            return IIBAnswer.json { $0.value([MediaTag]()) }
        }
        let tags = try await index.customTags(of: [path]).first ?? []
        return IIBAnswer.json { $0.value(tags) }
    }

    private func tagsOfMany(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let names = input.strings("paths")
        try input.check()
        let paths = try await services.readable(names)
        let tags = try await index.customTags(of: paths)
        return IIBAnswer.object(capacity: 64 + 160 * tags.count) { writer in
            var written: Set<ByteText> = []
            for (name, tags) in zip(names, tags) where !tags.isEmpty && written.insert(ByteText(name)).inserted {
                writer.name(name)
                writer.value(tags)
            }
        }
    }

    private func add(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let name = input.string("tag_name")
        try input.check()
        let tag = try await index.addCustomTag(name)
        return IIBAnswer.json { $0.value(tag) }
    }

    private func toggle(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let name = input.string("img_path")
        let tag = input.integer("tag_id")
        try input.check()
        let has = try await index.toggleTag(tag, of: try await services.readable(name))
        return IIBAnswer.object { $0.field("is_remove", has ? 0 : 1) }
    }

    private func setOfMany(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let names = input.strings("img_paths")
        let action = input.string("action")
        let tag = input.integer("tag_id")
        try input.check()
        guard action == "add" || action == "remove" else {
            throw IIBError(.badRequest, "Invalid action: add or remove is expected")
        }
        let paths = try await services.readable(names)
        try await index.setTag(tag, of: paths, to: action == "add")
        return IIBAnswer.null
    }

    private func remove(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let tag = input.integer("tag_id")
        try input.check()
        try await index.removeCustomTag(tag)
        return IIBAnswer.null
    }

    private func update(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let tag = input.integer("id")
        let color = input.string("color")
        try input.check()
        try await index.setColor(color, ofTag: tag)
        return IIBAnswer.null
    }

    /// Gives the file of an id a tag, or takes it away; nothing happens for an id that no file has.
    private func set(_ request: Request, to isSet: Bool) async throws -> Response {
        var input = try await IIBInput(body: request)
        let file = input.integer("img_id")
        let tag = input.integer("tag_id")
        try input.check()
        guard let media = try await index.media(ofFile: file) else { return IIBAnswer.null }
        let path = try await services.readable(media.path)
        if isSet {
            try await index.setTag(tag, of: [path], to: true)
        } else {
            try await index.removeTag(tag, fromFile: file)
        }
        return IIBAnswer.null
    }
}
