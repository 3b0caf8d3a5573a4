import Domain
import HTTPTypes
import Hummingbird
import OrderedCollections

/// The body of a VFrame request: JSON by `Content-Type: application/json`, otherwise form fields.
enum VFrameBody {
    /// The members; of a form, each field is a text, and `params` is read as JSON when it is.
    ///
    /// An empty body has no members. Throws ``APIError`` and ``JSONError`` for what cannot be read.
    static func read(_ request: Request, limit: Int) async throws -> JSON {
        switch request.mediaType {
        case "application/json":
            let bytes = try await request.bytes(limit: limit)
            if bytes.isEmpty { return [:] }
            let value = try JSONParser.parse(bytes)
            guard case .object = value else { throw APIError(.badMessage, "the body must be a JSON object") }
            return value
        case nil, "application/x-www-form-urlencoded":
            return try form(String(decoding: await request.bytes(limit: limit), as: UTF8.self))
        default:
            throw APIError(.unsupportedMediaType, "the body must be JSON or a urlencoded form")
        }
    }

    private static func form(_ text: String) throws(APIError) -> JSON {
        var members: JSON = [:]
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ PercentEncoding.decode($0, isForm: true) }),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", isForm: true)
            else { throw APIError(.badRequest, "the form is malformed") }
            members = members.setting(name, to: name == "params" ? params(value) : .string(value))
        }
        return members
    }

    private static func params(_ text: String) -> JSON {
        if text.isEmpty { return [:] }
        return (try? JSONParser.parse(text)) ?? .string(text)
    }
}

extension JSON {
    /// The object with this member set.
    fileprivate func setting(_ name: String, to value: JSON) -> JSON {
        guard case .object(var members) = self else { return self }
        members[name] = value
        return .object(members)
    }
}
