import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// `GET /openapi/{dialect}.openapi.yaml` and `GET /openapi/{dialect}.json`: the descriptions of what is served, one
/// file a dialect.
struct OpenAPIRoutes {
    /// The greatest description that is turned into JSON, in bytes.
    private static let limit = 4 << 20

    let folder: String?
    /// Turns YAML into JSON; `nil` where only the files themselves are served.
    let convert: (@Sendable ([UInt8]) throws -> [UInt8])?
    private let converted = Converted()

    init(folder: String?, convert: (@Sendable ([UInt8]) throws -> [UInt8])? = nil) {
        self.folder = folder
        self.convert = convert
    }

    var routes: [Route] {
        [
            Route(.get, "/openapi/{dialect}.openapi.yaml") { request, context in
                try await file(context).response(
                    to: request,
                    context: context,
                    headers: [.contentType: "application/yaml; charset=utf-8", .cacheControl: "no-cache"]
                )
            },
            Route(.get, "/openapi/{dialect}.json") { request, context in try json(request, context) },
        ]
    }

    private func file(_ context: APIContext) throws -> ServedFile {
        guard let folder, let dialect = context.parameters.get("dialect"), Self.isName(dialect),
            let file = ServedFile(path: "\(folder)/\(dialect).openapi.yaml")
        else { throw APIError(.notFound, "there is no such description") }
        return file
    }

    private func json(_ request: Request, _ context: APIContext) throws -> Response {
        let file = try file(context)
        guard let convert else { throw APIError(.notFound, "there is no such description") }
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-cache", .eTag: file.tag]
        if let known = request.headers[.ifNoneMatch], ServedFile.matches(known, file.tag) {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        let bytes = try converted.bytes(of: file) { try convert(try WholeFile.read(file.path, limit: Self.limit)) }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// The descriptions that have been turned into JSON, as of one version of each file.
    private final class Converted: Sendable {
        private let known = Mutex<[String: (tag: String, bytes: [UInt8])]>([:])

        func bytes(of file: ServedFile, make: () throws -> [UInt8]) rethrows -> [UInt8] {
            if let known = known.withLock({ $0[file.path] }), known.tag == file.tag { return known.bytes }
            let bytes = try make()
            known.withLock { $0[file.path] = (file.tag, bytes) }
            return bytes
        }
    }
}
