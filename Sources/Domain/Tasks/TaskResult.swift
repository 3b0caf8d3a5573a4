/// What a task returned, encoded once, with the part of it that may travel in events.
package struct TaskResult: Hashable, Sendable {
    /// The greatest result that may come in one message, in bytes of JSON.
    package static let limit = 16 * 1024 * 1024

    /// The greatest result that may be uploaded, in bytes of JSON: SQLite keeps no text of 10^9 bytes or more.
    package static let uploadLimit = 512 * 1024 * 1024

    /// The whole result as JSON.
    package let encoded: [UInt8]
    /// The result, when it is at most ``TaskRecord/inlineResultLimit`` bytes.
    package let inline: JSON?

    /// Encodes `value`; throws a failure with code `result_too_large` past ``limit``.
    package init(_ value: JSON) throws(TaskRecord.Failure) {
        encoded = value.encoded
        guard encoded.count <= Self.limit else {
            throw TaskRecord.Failure(
                code: "result_too_large",
                message: "the result has \(encoded.count) bytes, more than \(Self.limit)"
            )
        }
        inline = encoded.count <= TaskRecord.inlineResultLimit ? value : nil
    }

    /// A result that stands written as JSON, of any size; throws ``JSONError`` when it is none.
    package init(encoded: [UInt8]) throws(JSONError) {
        self.encoded = encoded
        let isSmall = encoded.count <= TaskRecord.inlineResultLimit
        inline = isSmall ? try JSONParser.parse(encoded, depth: Self.depth) : nil
    }

    /// How deep a result may be nested.
    package static let depth = 512

    /// The size in bytes, when the result does not travel.
    package var sizeWhenLarge: Int? { encoded.count > TaskRecord.inlineResultLimit ? encoded.count : nil }
}
