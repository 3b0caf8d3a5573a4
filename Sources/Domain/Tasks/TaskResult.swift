/// What a task returned, encoded once, with the part of it that may travel in events.
package struct TaskResult: Hashable, Sendable {
    /// The greatest result that is kept, in bytes of JSON.
    package static let limit = 16 * 1024 * 1024

    /// The whole result as compact JSON.
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

    /// The size in bytes, when the result does not travel.
    package var sizeWhenLarge: Int? { encoded.count > TaskRecord.inlineResultLimit ? encoded.count : nil }
}
