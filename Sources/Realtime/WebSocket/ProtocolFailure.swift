/// A rule of the protocol that the peer broke, or a limit it went over.
///
/// Each one fails the connection. This is the only table from failures to close codes (RFC 6455 §7.1.7, §7.4.1).
package enum ProtocolFailure: Error, Hashable, Sendable, CaseIterable {
    /// RSV2 or RSV3 is set, or RSV1 without permessage-deflate (RFC 6455 §5.2).
    case reservedBit
    /// RSV1 is set on a control frame (RFC 7692 §6.1).
    case compressedControlFrame
    /// RSV1 is set on a frame that is not its message's first (RFC 7692 §6.1).
    case compressedContinuation
    /// An opcode without a meaning (RFC 6455 §5.2).
    case reservedOpcode
    /// A control frame without FIN (RFC 6455 §5.5).
    case fragmentedControlFrame
    /// A control frame of more than 125 bytes (RFC 6455 §5.5).
    case controlFrameTooLong
    /// A continuation frame outside a message (RFC 6455 §5.4).
    case unexpectedContinuation
    /// A new message before the last one ended (RFC 6455 §5.4).
    case interleavedMessage
    /// A client's frame is not masked (RFC 6455 §5.1).
    case unmaskedFrame
    /// A server's frame is masked (RFC 6455 §5.1).
    case maskedFrame
    /// A length in a longer form than it needs (RFC 6455 §5.2).
    case nonMinimalLength
    /// A length with its highest bit set (RFC 6455 §5.2).
    case lengthOverflow
    /// A frame longer than `WebSocketLimits.frame`.
    case frameTooBig
    /// A message longer than `WebSocketLimits.hardMessage`.
    case messageTooBig
    /// A message of more frames than `WebSocketLimits.fragments`.
    case tooManyFragments
    /// A binary message where only text is accepted.
    case binaryNotAccepted
    /// Text that is not UTF-8 (RFC 6455 §8.1).
    case invalidUTF8
    /// A close frame with a payload of one byte (RFC 6455 §5.5.1).
    case truncatedCloseCode
    /// A close code that may not be sent (RFC 6455 §7.4).
    case invalidCloseCode
    /// A close reason that is not UTF-8 (RFC 6455 §5.5.1).
    case invalidCloseReason
    /// A compressed message that is no DEFLATE data (RFC 7692 §7.2.2).
    case invalidDeflateData
    /// A compressed message that ends inside a DEFLATE block (RFC 7692 §7.2.2).
    case truncatedDeflateData

    /// The code our close frame carries.
    package var closeCode: CloseCode {
        switch self {
        case .reservedBit, .compressedControlFrame, .compressedContinuation, .reservedOpcode,
            .fragmentedControlFrame, .controlFrameTooLong, .unexpectedContinuation, .interleavedMessage,
            .unmaskedFrame, .maskedFrame, .nonMinimalLength, .lengthOverflow, .truncatedCloseCode,
            .invalidCloseCode:
            .protocolError
        case .binaryNotAccepted: .unsupportedData
        case .invalidUTF8, .invalidCloseReason, .invalidDeflateData, .truncatedDeflateData: .invalidPayload
        case .tooManyFragments: .policyViolation
        case .frameTooBig, .messageTooBig: .messageTooBig
        }
    }

    /// A few words for people, sent as the close frame's reason.
    package var reason: String {
        switch self {
        case .reservedBit: "reserved bit set"
        case .compressedControlFrame: "compressed control frame"
        case .compressedContinuation: "compression bit on a continuation frame"
        case .reservedOpcode: "reserved opcode"
        case .fragmentedControlFrame: "fragmented control frame"
        case .controlFrameTooLong: "control frame over 125 bytes"
        case .unexpectedContinuation: "continuation without a message"
        case .interleavedMessage: "new message inside a message"
        case .unmaskedFrame: "frame is not masked"
        case .maskedFrame: "frame is masked"
        case .nonMinimalLength: "length not in its shortest form"
        case .lengthOverflow: "length over 63 bits"
        case .frameTooBig: "frame too big"
        case .messageTooBig: "message too big"
        case .tooManyFragments: "too many fragments"
        case .binaryNotAccepted: "binary messages are not accepted"
        case .invalidUTF8: "text is not UTF-8"
        case .truncatedCloseCode: "close code cut short"
        case .invalidCloseCode: "invalid close code"
        case .invalidCloseReason: "close reason is not UTF-8"
        case .invalidDeflateData: "invalid compressed data"
        case .truncatedDeflateData: "compressed data cut short"
        }
    }
}
