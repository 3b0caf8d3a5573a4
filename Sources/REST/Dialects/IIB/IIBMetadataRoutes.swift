import Domain
import HTTPTypes
import Hummingbird

/// What files say of how they were made (contracts/iib.md §3).
struct IIBMetadataRoutes {
    let services: IIBServices

    private var index: MediaIndex { services.index }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/image_geninfo") { request, _ in try await text(request) },
            IIBRoute(.post, "/image_geninfo_batch") { request, _ in try await texts(request) },
            IIBRoute(.get, "/image_exif") { request, _ in try await embedded(request) },
            IIBRoute(.post, "/update_exif", .write) { request, _ in try await update(request) },
        ]
    }

    private func text(_ request: Request) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        try input.check()
        let path = try await services.readable(name)
        let text = try await index.texts(of: [path]).first ?? ""
        return IIBAnswer.json(capacity: 64 + text.utf8.count) { $0.value(text) }
    }

    private func texts(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let names = input.strings("paths")
        try input.check()
        let paths = try await services.readable(names)
        let texts = try await index.texts(of: paths)
        let bytes = texts.reduce(64) { $0 + $1.utf8.count + 128 }
        return IIBAnswer.object(capacity: bytes) { writer in
            var written: Set<ByteText> = []
            for (name, text) in zip(names, texts) where written.insert(ByteText(name)).inserted {
                writer.field(name, text)
            }
        }
    }

    private func embedded(_ request: Request) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        try input.check()
        let path = try await services.readable(name)
        let entries = MediaKind(name: path) == .video ? [] : try await index.embedded(of: path)
        return IIBAnswer.object { writer in
            var written: Set<ByteText> = []
            for entry in entries where written.insert(ByteText(entry.key)).inserted {
                writer.field(entry.key, entry.text)
            }
        }
    }

    private func update(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let name = input.string("path")
        let text = input.string("exif")
        try input.check()
        let path = try await services.readable(name)
        let hadText = try await index.setText(text, of: path)
        return IIBAnswer.object {
            $0.field("success", true)
            $0.field("message", hadText ? "Exif updated successfully" : "Exif created successfully")
        }
    }
}
