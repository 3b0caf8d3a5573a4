import Domain
import HTTPTypes
import Hummingbird

/// `GET /openapi/{dialect}.openapi.yaml`: the descriptions of what is served, one file a dialect.
struct OpenAPIRoutes {
    let folder: String?

    var routes: [Route] {
        [Route(.get, "/openapi/{dialect}.openapi.yaml") { request, context in try await file(request, context) }]
    }

    private func file(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let folder, let dialect = context.parameters.get("dialect"), Self.isName(dialect),
            let file = ServedFile(path: "\(folder)/\(dialect).openapi.yaml")
        else { throw APIError(.notFound, "there is no such description") }
        return try await file.response(
            to: request,
            context: context,
            headers: [.contentType: "application/yaml; charset=utf-8", .cacheControl: "no-cache"]
        )
    }

    private static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-") }
    }
}
