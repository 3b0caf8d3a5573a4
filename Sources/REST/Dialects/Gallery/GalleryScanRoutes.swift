import Domain
import HTTPTypes
import Hummingbird

/// Looking for models in their folders (contracts/gallery.md §3, `POST /api/models/scan`, and §4, `GET /api/scan`).
struct GalleryScanRoutes {
    let gallery: ModelGallery
    /// The greatest body, in bytes.
    let bodyLimit: Int

    var routes: [Route] {
        [
            Route(.post, "/api/models/scan") { request, _ in try await scan(request) },
            Route(.get, "/api/scan", permission: .operate) { request, _ in try await scanAll(request) },
        ]
    }

    private func scan(_ request: Request) async throws -> Response {
        let body = try await GalleryBody(request, limit: bodyLimit, mayBeEmpty: true)
        if let type = body["type"], type.string == nil { throw GalleryError(.badRequest, "unknown type") }
        return answer(try await gallery.scan(type: body["type"]?.string))
    }

    /// `GET` that changes things: neither `HEAD`, nor a picture's address in a page of another origin, begins a scan.
    private func scanAll(_ request: Request) async throws -> Response {
        if request.method == .head { return .json([]) }
        let site = request.headers[.secFetchSite]
        // Browsers say it to addresses that they trust, of which this machine's own are some.
        guard site == nil || site == "same-origin" || site == "none" else {
            throw GalleryError(.forbidden, "a page of another origin may not begin a scan")
        }
        return answer(try await gallery.scan(type: nil))
    }

    private func answer(_ report: ModelScanReport) -> Response {
        .json { writer in
            writer.field("status", "success")
            writer.field("scanned", report.scanned)
            writer.field("pending_added", report.pending.count)
            writer.field("added", report.pending.count)
            writer.field("skipped", report.skipped)
            writer.field("pending_ids", array: { for id in report.pending { $0.value(id) } })
        }
    }
}

extension HTTPField.Name {
    /// From where a browser sends a request (Fetch Metadata).
    fileprivate static var secFetchSite: Self {
        guard let name = Self("Sec-Fetch-Site") else { preconditionFailure("a header name") }
        return name
    }
}
