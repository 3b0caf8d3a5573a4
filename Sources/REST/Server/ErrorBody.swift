import Domain

/// The bodies of error answers.
enum ErrorBody {
    /// `{"error":{"code","message","field"?}}`, ours (contracts/realtime.md §10).
    static func native(code: String, message: String, field: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.field(
                "error",
                object: {
                    $0.field("code", code)
                    $0.field("message", message)
                    $0.field("field", field)
                }
            )
        }
        return writer.bytes
    }
}
