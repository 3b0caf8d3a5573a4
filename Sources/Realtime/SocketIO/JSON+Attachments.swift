import Domain
import OrderedCollections

extension JSON {
    /// The value for clients that take no binary data: `{"base64":text}` in place of each attachment.
    func showing(_ attachments: [[UInt8]]) -> JSON {
        guard !attachments.isEmpty else { return self }
        switch self {
        case .array(let elements): return .array(elements.map { $0.showing(attachments) })
        case .object(let members):
            if members["_placeholder"] == .bool(true), let index = members["num"]?.int,
                attachments.indices.contains(index)
            {
                return ["base64": .string(String(decoding: Base64.encode(attachments[index]), as: UTF8.self))]
            }
            return .object(members.mapValues { $0.showing(attachments) })
        case .null, .bool, .int, .unsigned, .double, .string: return self
        }
    }
}
