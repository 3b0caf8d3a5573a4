import Domain
import OrderedCollections
import Yams

/// Turns API descriptions in YAML into JSON.
enum DescriptionConverter {
    /// The JSON text of a YAML document, members in its order.
    ///
    /// Throws Yams' `YamlError` for what is no YAML, and ``Failure`` for what JSON cannot say.
    static func json(_ yaml: [UInt8]) throws -> [UInt8] {
        guard let root = try Yams.compose(yaml: String(decoding: yaml, as: UTF8.self)) else { throw Failure.empty }
        return try value(root).encoded
    }

    /// Why a document cannot be written as JSON.
    enum Failure: Error, Hashable {
        case empty
        /// A key is no text, or an alias leads nowhere.
        case notJSON(line: Int)
    }

    private static func value(_ node: Node) throws -> JSON {
        switch node {
        case .mapping(let mapping):
            var members: OrderedDictionary<String, JSON> = [:]
            for (key, member) in mapping {
                guard let name = key.scalar?.string else { throw Failure.notJSON(line: key.mark?.line ?? 0) }
                members[name] = try value(member)
            }
            return .object(members)
        case .sequence(let sequence): return .array(try sequence.map(value))
        case .alias: throw Failure.notJSON(line: node.mark?.line ?? 0)
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
            if let isTrue = node.bool { return .bool(isTrue) }
            if let number = node.int { return .int(Int64(number)) }
            if let number = node.float { return .double(number) }
            return ["", "~", "null", "Null", "NULL"].contains(scalar.string) ? .null : .string(scalar.string)
        }
    }
}
