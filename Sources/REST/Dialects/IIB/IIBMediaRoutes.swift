import Domain
import HTTPTypes
import Hummingbird

/// Files as they are (contracts/iib.md §2): `/file`, `/img/{filename}`, `/stream_video`, `/batch_top_4_media_info`.
struct IIBMediaRoutes {
    let services: IIBServices

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/file") { request, context in try await file(request, context) },
            IIBRoute(.get, "/img/{filename}") { request, context in try await picture(request, context) },
            IIBRoute(.get, "/stream_video") { request, context in try await stream(request, context) },
            IIBRoute(.post, "/batch_top_4_media_info") { request, _ in try await covers(request) },
        ]
    }

    private func file(_ request: Request, _ context: APIContext) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        _ = input.string("t")
        let disposition = input.optionalString("disposition")
        try input.check()
        let file = try await served(name)
        var headers = try await headers(file)
        if let disposition, !disposition.isEmpty {
            headers[.contentDisposition] = Self.disposition("attachment", disposition)
        }
        return try await file.response(to: request, context: context, headers: headers, ranges: .first)
    }

    private func picture(_ request: Request, _ context: APIContext) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        _ = input.string("t")
        try input.check()
        let given = context.parameters.get("filename") ?? ""
        let base = IIBPath.name(name)
        let file = try await served(name)
        guard PercentEncoding.decode(given) == String(base) || given == base else {
            throw IIBError(.badRequest, "Filename mismatch")
        }
        guard MediaKind(name: file.path) == .image else { throw IIBError(.badRequest, "Not an image file") }
        var headers = try await headers(file)
        headers[.contentDisposition] = Self.disposition("inline", String(base))
        return try await file.response(to: request, context: context, headers: headers, ranges: .first)
    }

    private func stream(_ request: Request, _ context: APIContext) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        try input.check()
        let file = try await served(name)
        var headers = Self.safety
        headers[.contentType] = MediaTypes.type(of: file.path)
        headers[.contentEncoding] = "identity"
        headers[.accessControlExposeHeaders] =
            "content-type, accept-ranges, content-length, content-range, content-encoding"
        let response = try await file.response(to: request, context: context, headers: headers, ranges: .first)
        guard response.status == .rangeNotSatisfiable else { return response }
        let range = request.headers[.range] ?? ""
        var refusal = IIBError(.rangeNotSatisfiable, text: "Invalid request range (Range:'\(range)')")
        refusal.headers[.contentRange] = response.headers[.contentRange]
        refusal.headers[.acceptRanges] = "bytes"
        throw refusal
    }

    private func covers(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request)
        let names = input.strings("paths")
        try input.check()
        let policy = try await services.access.policy()
        let folders = try names.map { name in
            let path = IIBPath.absolute(name)
            guard policy.mayShow(path) else { throw IIBError.forbidden }
            return path
        }
        let newest = try await services.index.threads.run {
            folders.map { FolderCover.newest(in: $0, mayRead: policy.mayRead) }
        }
        return IIBAnswer.object(capacity: 64 + 800 * names.count) { writer in
            var time = LocalTimeWriter()
            var written: Set<ByteText> = []
            for (name, media) in zip(names, newest) where written.insert(ByteText(name)).inserted {
                writer.name(name)
                writer.array { for entry in media { $0.value(entry, &time) } }
            }
        }
    }

    /// A regular file that a client named and may read.
    private func served(_ name: String) async throws -> ServedFile {
        let path = try await services.readable(name)
        switch PathEntry(path) {
        case nil: throw IIBError.notFound
        case .folder: throw IIBError(.badRequest, text: "\(name) is not a file")
        case .file:
            guard let file = ServedFile(path: path) else { throw IIBError.notFound }
            return file
        }
    }

    /// What people collect must not act as a page of this server's.
    private static let safety: HTTPFields = [.contentSecurityPolicy: "default-src 'none'; sandbox"]

    private func headers(_ file: ServedFile) async throws -> HTTPFields {
        var headers = Self.safety
        headers[.contentType] = MediaTypes.type(of: file.path)
        if MediaKind(name: file.path) != nil, try await services.access.policy().isInLibrary(file.path) {
            headers[.cacheControl] = "public, max-age=31536000"
            headers[.expires] = HTTPDate.text(services.index.library.clock.now / 1_000 + 31_536_000)
        }
        return headers
    }

    /// RFC 6266 with the form of RFC 8187, which every name can take.
    private static func disposition(_ kind: String, _ name: String) -> String {
        "\(kind); filename*=UTF-8''\(PercentEncoding.encode(name))"
    }
}

extension JSONWriter {
    /// Writes `{fullpath, media_type, type, date, created_time, name}`.
    fileprivate mutating func value(_ media: FolderCover, _ time: inout LocalTimeWriter) {
        object {
            $0.field("fullpath", media.path)
            $0.field("media_type", media.kind == .image ? "image" : "video")
            $0.field("type", "file")
            $0.name("date")
            $0.value(encoded: time.json(media.modified))
            $0.name("created_time")
            $0.value(encoded: time.json(media.created))
            $0.field("name", media.name)
        }
    }
}
