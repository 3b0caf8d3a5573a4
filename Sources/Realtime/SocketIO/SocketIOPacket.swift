package import Domain

/// One packet of the Socket.IO protocol, its attachments included (contracts/socketio.md §3).
package struct SocketIOPacket: Hashable, Sendable {
    /// The namespace of clients that name none.
    package static let mainNamespace = "/"

    /// What a packet says; the comments name its type digits.
    package enum Body: Hashable, Sendable {
        /// 0, from a client that enters a namespace; protocol 5 may carry what it says of itself, an object.
        ///
        /// From the server: it has entered; protocol 5 carries `{"sid"}`.
        case connect(JSON?)
        /// 1: the sender leaves the namespace.
        case disconnect
        /// 2, or 5 with attachments. With `id` the sender waits for an acknowledgement.
        case event(name: String, SocketIOArguments, id: Int?)
        /// 3, or 6 with attachments: the acknowledgement of the event `id`.
        case acknowledgement(id: Int, SocketIOArguments)
        /// 4: the server refuses a CONNECT; an object in protocol 5, a text in protocol 4.
        case refusal(JSON)
    }

    /// Begins with a slash; a query that the client wrote behind it has been cut off.
    package var namespace: String
    package var body: Body

    /// A packet for `namespace`.
    package init(_ body: Body, namespace: String = mainNamespace) {
        self.namespace = namespace
        self.body = body
    }
}

/// The arguments of an event or an acknowledgement.
package struct SocketIOArguments: Hashable, Sendable {
    /// In place of the i-th attachment stands `{"_placeholder":true,"num":i}`.
    package var values: [JSON]
    /// What the placeholders stand for, in order; each `num` of a decoded packet is an index of it.
    package var attachments: [[UInt8]]

    /// Arguments, by default without attachments.
    package init(_ values: [JSON] = [], attachments: [[UInt8]] = []) {
        self.values = values
        self.attachments = attachments
    }
}
