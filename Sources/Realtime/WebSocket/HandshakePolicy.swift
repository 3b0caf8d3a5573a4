/// How a server answers opening handshakes on one path.
package struct HandshakePolicy: Sendable {
    /// What becomes of the subprotocols a client offers (RFC 6455 §1.9).
    package enum Subprotocols: Sendable {
        /// None is selected, whatever is offered.
        case ignored
        /// The first of these that is offered is selected; others alone are refused, none at all is accepted.
        case oneOf([String])
        /// A choice of the caller's, given the values in the client's order.
        case chosen(@Sendable ([String]) -> SubprotocolChoice)
    }

    /// What a `Subprotocols.chosen` function may say.
    package enum SubprotocolChoice: Sendable, Hashable {
        /// Accept without a subprotocol.
        case none
        /// Accept with this one, which must be among those offered.
        case select(String)
        /// Answer 400.
        case refuse
    }

    /// How a subprotocol is selected.
    package var subprotocols: Subprotocols
    /// How to answer offers of permessage-deflate; nil never compresses.
    package var compression: PerMessageDeflate.Policy?
    /// The most bytes of header names and values together; more is answered 431.
    package var maxHeaderBytes: Int

    /// Selects no subprotocol, does not compress, and allows 16 KiB of headers.
    package init(
        subprotocols: Subprotocols = .ignored,
        compression: PerMessageDeflate.Policy? = nil,
        maxHeaderBytes: Int = 16 << 10
    ) {
        self.subprotocols = subprotocols
        self.compression = compression
        self.maxHeaderBytes = maxHeaderBytes
    }

    /// The choice for the values offered.
    func choose(_ offered: [String]) -> SubprotocolChoice {
        switch subprotocols {
        case .ignored:
            return .none
        case .oneOf(let supported):
            guard !offered.isEmpty else { return .none }
            return supported.first(where: offered.contains).map { .select($0) } ?? .refuse
        case .chosen(let function):
            return function(offered)
        }
    }
}
