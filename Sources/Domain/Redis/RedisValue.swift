import CHiredis

/// What Redis answers (RESP2).
package enum RedisValue: Hashable, Sendable {
    case null
    case integer(Int)
    /// A short word such as `OK`.
    case status(String)
    case bytes([UInt8])
    case array([RedisValue])
    /// The command was refused; inside an array, one of its parts was.
    case error(String)

    /// The bytes of a text; `nil` for anything else.
    package var bytes: [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .status(let word): Array(word.utf8)
        default: nil
        }
    }

    /// The bytes of a text as UTF-8, repaired where they are not; `nil` for anything else.
    package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The value of an integer; `nil` for anything else.
    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The elements of an array; `nil` for anything else.
    package var array: [RedisValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Copies what hiredis read; of a kind that RESP2 does not have, `null`.
    init(_ reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_STRING: self = .bytes(Self.copy(reply))
        case REDIS_REPLY_STATUS: self = .status(String(decoding: Self.copy(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: self = .error(String(decoding: Self.copy(reply), as: UTF8.self))
        case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
        case REDIS_REPLY_ARRAY:
            // hiredis reads no deeper than seven arrays in one another, so this recursion is bounded.
            self = .array(
                (0..<reply.elements).map { index in
                    reply.element?[index].map { RedisValue($0.pointee) } ?? .null
                }
            )
        default: self = .null
        }
    }

    private static func copy(_ reply: redisReply) -> [UInt8] {
        guard let start = reply.str else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: reply.len))
    }
}
