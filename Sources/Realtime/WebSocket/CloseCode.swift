/// Why a connection was closed (RFC 6455 §7.4).
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The number as it stands in a close frame, or one of those that never stand in one (1005, 1006, 1015).
    package let rawValue: UInt16

    /// Any number, valid or not.
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The purpose of the connection is fulfilled.
    package static let normalClosure = CloseCode(rawValue: 1000)
    /// The server stops, or the page is left.
    package static let goingAway = CloseCode(rawValue: 1001)
    /// A rule of the protocol was broken.
    package static let protocolError = CloseCode(rawValue: 1002)
    /// A kind of message that is not accepted.
    package static let unsupportedData = CloseCode(rawValue: 1003)
    /// The peer's close frame had no code; never sent.
    package static let noStatus = CloseCode(rawValue: 1005)
    /// The transport ended without a close frame; never sent.
    package static let abnormalClosure = CloseCode(rawValue: 1006)
    /// Data that does not fit the message's kind, such as text that is not UTF-8.
    package static let invalidPayload = CloseCode(rawValue: 1007)
    /// A bound of the server was overstepped, when no other code says more.
    package static let policyViolation = CloseCode(rawValue: 1008)
    /// A message too long to be processed.
    package static let messageTooBig = CloseCode(rawValue: 1009)
    /// The client needs an extension that the server did not accept.
    package static let mandatoryExtension = CloseCode(rawValue: 1010)
    /// The server met a condition it did not expect.
    package static let internalError = CloseCode(rawValue: 1011)
    /// The server restarts (registered by IANA).
    package static let serviceRestart = CloseCode(rawValue: 1012)
    /// The server is overloaded (registered by IANA).
    package static let tryAgainLater = CloseCode(rawValue: 1013)
    /// A gateway got a bad answer (registered by IANA).
    package static let badGateway = CloseCode(rawValue: 1014)

    /// Whether a close frame may carry this code.
    ///
    /// The codes of RFC 6455 §7.4.1 and those registered since, and the ranges for libraries (3000) and
    /// applications (4000). Not 1004 to 1006 and 1015, which are reserved, and nothing unassigned.
    package var isValidOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
