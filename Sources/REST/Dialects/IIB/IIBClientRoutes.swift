import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// The pages and files of a built web client (contracts/iib.md, Beyond the seed).
///
/// No path leads out of the client's folder, and none to a hidden file.
struct IIBClientRoutes {
    /// What the client's page calls the base when it was built.
    private static let builtBase = "/infinite_image_browsing"
    /// The greatest page that is rewritten, in bytes.
    private static let pageLimit = 4 << 20

    let configuration: IIBConfiguration

    private var folder: StaticFolder? { configuration.clientFolder.map { StaticFolder(path: $0) } }

    var routes: [IIBRoute] {
        [
            IIBRoute(.get, "", .open) { request, context in try await page(request, context) },
            IIBRoute(.get, "/fe-static/**", .open) { request, context in
                let path = context.parameters.getCatchAll().joined(separator: "/")
                guard let file = folder?.file(for: path) else { throw IIBError.notFound }
                return try await file.response(
                    to: request,
                    context: context,
                    headers: [.contentType: MediaTypes.type(of: file.path), .cacheControl: "no-cache"],
                    servesRanges: true
                )
            },
        ]
    }

    /// The page at `/`, when there is a client; the dashboard's is then at `/index.html`.
    var rootRoutes: [Route] {
        guard folder != nil else { return [] }
        return [Route(.get, "/", permission: .open) { request, context in try await page(request, context) }]
    }

    private func page(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let file = folder?.file(for: "index.html") else {
            return .text(Self.missing, type: "text/html; charset=utf-8", status: .notFound)
        }
        let headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-cache"]
        guard configuration.base != Self.builtBase else {
            return try await file.response(to: request, context: context, headers: headers)
        }
        return try rewritten(file, request, headers)
    }

    /// The page with the present base where it was built with the usual one.
    private func rewritten(_ file: ServedFile, _ request: Request, _ headers: HTTPFields) throws -> Response {
        var headers = headers
        let tag = "\"\(file.tag.filter { $0 != "\"" })-\(PercentEncoding.encode(configuration.base))\""
        headers[.eTag] = tag
        if let known = request.headers[.ifNoneMatch], ServedFile.matches(known, tag) {
            return Response(status: .notModified, headers: headers)
        }
        let page = String(decoding: try WholeFile.read(file.path, limit: Self.pageLimit), as: UTF8.self)
        let text = page.replacing(Self.builtBase, with: configuration.base)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private static let missing = """
        <!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>No client</title>
        <p>This server speaks the API of Infinite Image Browsing here, but has no web client of it:
        start it with <code>--iib-client DIR</code>, the folder of a built one.</p></html>

        """
}
