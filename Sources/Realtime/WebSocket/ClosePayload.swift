/// The payload of a close frame (RFC 6455 §5.5.1): nothing, or a code and a reason in UTF-8.
enum ClosePayload {
    /// The most bytes of reason that fit beside the code into a control frame.
    static let maximumReason = 123

    /// Checks as much of a payload as has arrived, so that a wrong byte fails at once.
    static func check(_ bytes: UnsafeRawBufferPointer, isComplete: Bool) throws(ProtocolFailure) {
        guard bytes.count >= 2 else {
            if isComplete, bytes.count == 1 { throw .truncatedCloseCode }
            return
        }
        guard code(bytes).isValidOnWire else { throw .invalidCloseCode }
        var validator = UTF8Validator()
        let isValid = validator.consume(UnsafeRawBufferPointer(rebasing: bytes[2...]))
        guard isValid, validator.isAtBoundary || !isComplete else { throw .invalidCloseReason }
    }

    /// The code and reason of a complete payload that was checked; no code if it is empty.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> (code: CloseCode?, reason: String) {
        guard bytes.count >= 2 else { return (nil, "") }
        return (code(bytes), String(decoding: bytes[2...], as: UTF8.self))
    }

    /// The payload that says `code` and `reason`, the reason cut at a scalar boundary to fit.
    ///
    /// Empty without a code, and for codes that may not be sent.
    static func encode(_ code: CloseCode?, _ reason: String) -> [UInt8] {
        guard let code, code.isValidOnWire else { return [] }
        var bytes = [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)]
        for scalar in reason.unicodeScalars {
            let encoded = UTF8.encode(scalar)
            guard let encoded, bytes.count + encoded.count <= 2 + maximumReason else { break }
            bytes.append(contentsOf: encoded)
        }
        return bytes
    }

    private static func code(_ bytes: UnsafeRawBufferPointer) -> CloseCode {
        CloseCode(rawValue: UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
    }
}
