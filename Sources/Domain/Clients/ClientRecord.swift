/// One connected client (contracts/realtime.md §5, **client**).
package struct ClientRecord: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case dashboard
        case script
        case worker
    }

    package enum Transport: String, Sendable {
        case websocket
        case sse
        case polling
    }

    /// What a worker offers and how it fares.
    package struct Worker: Hashable, Sendable {
        package var capabilities: [String]
        package var slots: Int
        package var busy: Int = 0
        package var tasks: [String] = []
        package var done: Int = 0
        package var failed: Int = 0
        package var lastError: String?

        package init(capabilities: [String], slots: Int) {
            self.capabilities = capabilities
            self.slots = slots
        }
    }

    package var id: String
    package var kind: Kind
    package var name: String?
    package var transport: Transport
    /// `vitrine.v1`, `sse`, `eio3` or `eio4`.
    package var `protocol`: String
    package var role: Role
    package var since: Milliseconds
    /// The peer's IP address.
    package var address: String
    package var topics: [String]
    package var worker: Worker?
    /// The server that it is connected to; `nil` for this one.
    package var server: String?

    package init(
        id: String,
        kind: Kind,
        transport: Transport,
        protocol: String,
        role: Role,
        since: Milliseconds,
        address: String
    ) {
        self.id = id
        self.kind = kind
        self.transport = transport
        self.protocol = `protocol`
        self.role = role
        self.since = since
        self.address = address
        self.topics = []
    }
}
