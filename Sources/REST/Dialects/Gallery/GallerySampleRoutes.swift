import Domain
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The sample pictures of models (contracts/gallery.md §3).
struct GallerySampleRoutes {
    /// How often a sample is looked for again when its file went while it was asked for.
    static let attempts = 32
    /// The greatest file that is sent, in bytes; what this server makes is far smaller.
    private static let fileLimit = 64 << 20

    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let bodyLimit: Int

    var routes: [Route] {
        [
            Route(.get, "/api/images/{hash}.webp") { request, context in try await picture(request, context) },
            Route(.get, "/api/images/{hash}") { request, context in try await picture(request, context) },
            Route(.get, "/api/images/get_img_num") { request, _ in try await count(request) },
            Route(.get, "/api/images/get_img_count") { request, _ in try await count(request) },
            Route(.delete, "/api/images/delete") { request, _ in try await remove(request) },
            Route(.post, "/api/images/get_sample_imgs", permission: .read) { request, _ in try await list(request) },
        ]
    }

    private func picture(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = QueryMembers(request)
        guard let text = context.parameters.get("hash").flatMap({ PercentEncoding.decode($0) }),
            let name = SampleName(text, sequence: query["seq"])
        else { return .imageNotFound }
        let quality = query["quality"].flatMap(SampleQuality.init) ?? .high
        // Others may remove samples meanwhile: then the number has another file, or there is none any more.
        for _ in 0..<Self.attempts {
            guard let sample = try await gallery.sample(name.hash, name.number, quality) else { break }
            if let response = try await response(to: request, sample) { return response }
        }
        return .imageNotFound
    }

    /// The answer with a sample's file; `nil` when that is gone.
    ///
    /// The file is read before the answer begins, since one that goes while it is sent would break the connection off.
    /// What a number means changes, so it is asked for again each time, by the tag alone: after a removal the file of
    /// a number can be older than the one before.
    private func response(to request: Request, _ sample: ModelGallery.Sample) async throws -> Response? {
        let tag = "\"\(sample.version)\""
        var headers: HTTPFields = [
            .contentType: "image/webp", .cacheControl: "no-cache", .eTag: tag, .xContentTypeOptions: "nosniff",
        ]
        if let known = request.headers[.ifNoneMatch], Precondition.matches(known, tag) {
            return Precondition.notModified(headers)
        }
        let bytes: [UInt8]
        do {
            bytes = try await gallery.threads.run { try WholeFile.read(sample.path, limit: Self.fileLimit) }
        } catch WholeFile.ReadFailure.system(let error) where error.code == ENOENT {
            return nil
        }
        guard request.method == .get else {
            headers[.contentLength] = String(bytes.count)
            return Response(status: .ok, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func count(_ request: Request) async throws -> Response {
        guard let text = QueryMembers(request)["sha256"], !text.isEmpty else {
            throw GalleryError(.badRequest, "sha256 is required")
        }
        let count = try await count(text)
        return .json { $0.field("count", count) }
    }

    /// How many samples there are of what may be a hash.
    private func count(_ text: String) async throws -> Int {
        guard let hash = ContentHash(hex: text) else { return 0 }
        return try await gallery.sampleCount(hash)
    }

    private func remove(_ request: Request) async throws -> Response {
        let query = QueryMembers(request)
        guard let text = query["sha256"], !text.isEmpty, let sequence = query["seq"], !sequence.isEmpty else {
            throw GalleryError(.badRequest, "sha256 and seq are required")
        }
        guard let number = LooseInteger.read(sequence) else {
            throw GalleryError(.badRequest, "seq must be an integer")
        }
        let missing = GalleryError(.notFound, "Image sequence \(LooseInteger.digits(sequence)) not found for \(text)")
        guard let hash = ContentHash(hex: text), number >= 0 else { throw missing }
        do {
            try await gallery.removeSample(hash, number)
        } catch ModelGalleryError.unknownSample {
            throw missing
        }
        return .json { $0.field("status", "success") }
    }

    private func list(_ request: Request) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit)
        guard let text = (body["sha256"] ?? body["hash"])?.string, !text.isEmpty else {
            throw GalleryError(.badRequest, "sha256 is required")
        }
        let quality = body["quality"]?.string.flatMap(SampleQuality.init) ?? .high
        let count = try await count(text)
        return .json { writer in
            writer.field(
                "images",
                (0..<count).map { "/api/images/\(text.lowercased())_\($0).webp?quality=\(quality.rawValue)" }
            )
            writer.field("quality", quality.rawValue)
            writer.field("count", count)
        }
    }
}

extension Response {
    /// There is no such sample: the dialect says it in plain text.
    static var imageNotFound: Response {
        var response = text("Image not found", type: "text/plain; charset=utf-8", status: .notFound)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
