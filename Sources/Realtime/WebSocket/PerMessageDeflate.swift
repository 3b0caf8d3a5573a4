/// Compression of messages, RFC 7692.
package enum PerMessageDeflate {
    /// The extension's name in `Sec-WebSocket-Extensions`.
    package static let name = "permessage-deflate"

    /// How we compress; the peer does not care.
    package struct Settings: Sendable, Hashable {
        /// zlib's compression level, 1 (fast) to 9 (small).
        package var level: Int
        /// zlib's memory level, 1 to 9, for the largest window; smaller windows use less.
        package var memoryLevel: Int
        /// Messages of fewer bytes are sent as they are.
        package var threshold: Int

        /// Middling compression, nothing below 256 bytes.
        package init(level: Int = 4, memoryLevel: Int = 8, threshold: Int = 256) {
            self.level = level
            self.memoryLevel = memoryLevel
            self.threshold = threshold
        }
    }

    /// What both ends have agreed on (RFC 7692 §7.1).
    package struct Agreed: Sendable, Hashable {
        /// The server compresses each message on its own.
        package var serverNoContextTakeover: Bool
        /// The client compresses each message on its own.
        package var clientNoContextTakeover: Bool
        /// The server's window is at most 2^bits bytes, 8 to 15.
        package var serverMaxWindowBits: Int
        /// The client's window is at most 2^bits bytes, 8 to 15.
        package var clientMaxWindowBits: Int

        /// The defaults are what holds for parameters that are not negotiated.
        package init(
            serverNoContextTakeover: Bool = false,
            clientNoContextTakeover: Bool = false,
            serverMaxWindowBits: Int = 15,
            clientMaxWindowBits: Int = 15
        ) {
            self.serverNoContextTakeover = serverNoContextTakeover
            self.clientNoContextTakeover = clientNoContextTakeover
            self.serverMaxWindowBits = serverMaxWindowBits
            self.clientMaxWindowBits = clientMaxWindowBits
        }

        /// Whether `role` keeps its window from one message to the next.
        func takesOver(_ role: WebSocketRole) -> Bool {
            role == .server ? !serverNoContextTakeover : !clientNoContextTakeover
        }

        /// The window bits of what `role` sends.
        func windowBits(_ role: WebSocketRole) -> Int {
            role == .server ? serverMaxWindowBits : clientMaxWindowBits
        }
    }

    /// What a client may have in an offer for its own window: the parameter alone, or with a value.
    package enum ClientWindowBits: Sendable, Hashable {
        /// The server may choose.
        case any
        /// The client will use no more.
        case atMost(Int)
    }

    /// One offer of a client (RFC 7692 §7.1).
    package struct Offer: Sendable, Hashable {
        /// The server shall compress each message on its own.
        package var serverNoContextTakeover: Bool
        /// A hint that the client will compress each message on its own.
        package var clientNoContextTakeover: Bool
        /// The largest window the server may use, 8 to 15 bits.
        package var serverMaxWindowBits: Int?
        /// What the client's own window can be; nil if it cannot be changed.
        package var clientMaxWindowBits: ClientWindowBits?

        /// The defaults are what browsers offer.
        package init(
            serverNoContextTakeover: Bool = false,
            clientNoContextTakeover: Bool = false,
            serverMaxWindowBits: Int? = nil,
            clientMaxWindowBits: ClientWindowBits? = .any
        ) {
            self.serverNoContextTakeover = serverNoContextTakeover
            self.clientNoContextTakeover = clientNoContextTakeover
            self.serverMaxWindowBits = serverMaxWindowBits
            self.clientMaxWindowBits = clientMaxWindowBits
        }
    }

    /// What a server makes of offers.
    package struct Policy: Sendable, Hashable {
        /// Compress each message on its own even if the client does not ask for it.
        package var serverNoContextTakeover: Bool
        /// Have the client compress each message on its own, which a server may always ask for.
        package var clientNoContextTakeover: Bool
        /// The largest window we compress with, 8 to 15 bits.
        package var serverMaxWindowBits: Int
        /// The largest window we want the client to use, 8 to 15 bits; clients that cannot change it are let be.
        package var clientMaxWindowBits: Int
        /// How we compress what we send.
        package var settings: Settings

        /// The defaults keep both contexts and allow every window.
        package init(
            serverNoContextTakeover: Bool = false,
            clientNoContextTakeover: Bool = false,
            serverMaxWindowBits: Int = 15,
            clientMaxWindowBits: Int = 15,
            settings: Settings = Settings()
        ) {
            self.serverNoContextTakeover = serverNoContextTakeover
            self.clientNoContextTakeover = clientNoContextTakeover
            self.serverMaxWindowBits = serverMaxWindowBits
            self.clientMaxWindowBits = clientMaxWindowBits
            self.settings = settings
        }

        /// No context takeover either way: idle connections hold no zlib state, and broadcasts are compressed once.
        package static let shared = Policy(serverNoContextTakeover: true, clientNoContextTakeover: true)
    }
}
