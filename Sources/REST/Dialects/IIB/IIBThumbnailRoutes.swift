import Domain
import HTTPTypes
import Hummingbird

/// Small pictures (contracts/iib.md §2): `/image-thumbnail`, `/video_cover`, `/set_target_frame_as_video_cover`.
struct IIBThumbnailRoutes {
    let services: IIBServices
    private let hot: HotThumbnails

    /// The greatest body of a chosen cover, in bytes of JSON.
    private static let coverLimit = 64 << 20

    init(services: IIBServices, hotBytes: Int = HotThumbnails.defaultLimit) {
        self.services = services
        hot = HotThumbnails(limit: hotBytes)
    }

    private var cache: ThumbnailCache { services.thumbnails }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "/image-thumbnail") { request, _ in try await thumbnail(request) },
            IIBRoute(.get, "/video_cover") { request, _ in try await cover(request) },
            IIBRoute(.post, "/set_target_frame_as_video_cover", .write) { request, _ in try await setCover(request) },
        ]
    }

    private func thumbnail(_ request: Request) async throws -> Response {
        let query = request.uri.query ?? ""
        // Where it really lies and whether it is there is looked up for each request, so that a link that changes and a
        // file that goes count at once.
        if let known = hot[query] {
            let path = try await services.readable(known.path)
            guard FileStatus(path: path) != nil else { throw IIBError.notFound }
            return known.picture.response(to: request)
        }
        var input = IIBInput(query: request)
        let name = input.string("path")
        let version = input.string("t")
        let box = input.string("size", default: "256x256")
        try input.check()
        let path = try await services.readable(name)
        guard let size = ThumbnailSize(box) else { throw IIBError(.badRequest, "Invalid thumbnail size") }
        guard FileStatus(path: path) != nil else { throw IIBError.notFound }
        let picture = try await picture(path, version, size)
        hot.keep(HotThumbnails.Known(path: path, picture: picture), query)
        return picture.response(to: request)
    }

    /// The thumbnail, or the file itself when it is small.
    private func picture(_ path: String, _ version: String, _ size: ThumbnailSize) async throws -> ServedBytes {
        let tag = "\"\(CacheName.thumbnail(path, version: version, size: size).tag)\""
        let cacheControl = "public, max-age=31536000, immutable"
        do {
            switch try await cache.thumbnail(of: path, version: version, size: size) {
            case .made(let entry):
                return ServedBytes(
                    entry.bytes,
                    tag: tag,
                    modified: entry.modified / 1_000_000_000,
                    headers: [.contentType: "image/webp", .cacheControl: cacheControl]
                )
            case .original(let entry):
                // A suffix that names a kind of picture; written as it is in the name.
                let suffix = path.split(separator: ".").last ?? ""
                return ServedBytes(
                    entry.bytes,
                    tag: tag,
                    modified: entry.modified / 1_000_000_000,
                    headers: [.contentType: "image/\(suffix)", .cacheControl: cacheControl]
                )
            }
        } catch let failure as ThumbnailCache.Failure {
            switch failure {
            case .missing: throw IIBError.notFound
            case .undecodable: throw IIBError(.notFound, "Failed to generate thumbnail")
            }
        }
    }

    private func cover(_ request: Request) async throws -> Response {
        var input = IIBInput(query: request)
        let name = input.string("path")
        let version = input.string("mt")
        try input.check()
        let path = try await video(name)
        do {
            let entry = try await cache.cover(of: path, version: version)
            return coverResponse(entry.bytes)
        } catch let failure as ThumbnailCache.Failure {
            guard case .undecodable(let reason) = failure else { throw IIBError.notFound }
            try await expectVideo(path, name)
            throw IIBError(.internalServerError, text: "Failed to generate video cover: \(reason)")
        }
    }

    private func setCover(_ request: Request) async throws -> Response {
        var input = try await IIBInput(body: request, limit: Self.coverLimit)
        let name = input.string("path")
        let text = input.string("base64_img")
        let version = input.string("updated_time")
        try input.check()
        let path = try await video(name)
        try await expectVideo(path, name)
        guard let bytes = Base64Text.decode(text) else { throw IIBError(.badRequest, "Invalid base64 image") }
        do {
            return coverResponse(try await cache.setCover(bytes, of: path, version: version))
        } catch let failure as ThumbnailCache.Failure {
            guard case .undecodable(let reason) = failure else { throw IIBError.notFound }
            throw IIBError(.badRequest, text: "Invalid image: \(reason)")
        }
    }

    /// The path of something that could be a video.
    private func video(_ name: String) async throws -> String {
        let path = try await services.readable(name)
        guard let entry = PathEntry(path) else { throw IIBError.notFound }
        guard entry == .file, MediaKind(name: path) != nil else {
            throw IIBError(.badRequest, text: "\(name) is not a video file")
        }
        return path
    }

    /// Throws when a file is a video by its name only.
    private func expectVideo(_ path: String, _ name: String) async throws {
        let isNone = try await services.index.threads.run {
            MediaKind(name: path) == .video && !MediaKind.video.isContent(of: path)
        }
        if isNone { throw IIBError(.badRequest, text: "\(name) is not a video file") }
    }

    private func coverResponse(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "image/webp", .cacheControl: "no-store"],
            body: .init(byteBuffer: .init(bytes: bytes))
        )
    }
}
