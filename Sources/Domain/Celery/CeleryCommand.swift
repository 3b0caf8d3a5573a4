/// What all workers of a Celery database are told, or asked, at once (contracts/socketio.md §8, inspect).
enum CeleryCommand {
    /// The questions of ``CeleryInspection``.
    enum Question: String, CaseIterable, Sendable {
        case active
        case reserved
        case scheduled
    }

    /// A question whose replies carry `ticket` and go to the list of `owner`; `expires` is in seconds since 1970.
    static func inspect(_ question: Question, ticket: String, owner: String, expires: Double) -> [UInt8] {
        encode(
            method: question.rawValue,
            arguments: question == .active ? ["safe": .null] : [:],
            ticket: .string(ticket),
            replyTo: ["exchange": "reply.celery.pidbox", "routing_key": .string(owner)],
            expires: .double(expires)
        )
    }

    /// Has the task of this id end where it runs, and never begin where it waits.
    static func revoke(_ id: String) -> [UInt8] {
        encode(
            method: "revoke",
            arguments: ["task_id": .string(id), "terminate": true, "signal": "SIGTERM"],
            ticket: .null,
            replyTo: .null,
            expires: .null
        )
    }

    private static func encode(method: String, arguments: JSON, ticket: JSON, replyTo: JSON, expires: JSON) -> [UInt8] {
        var headers: JSON = ["clock": 1]
        if !expires.isNull { headers = ["clock": 1, "expires": expires] }
        return CeleryEnvelope.encode(
            body: [
                "method": .string(method), "arguments": arguments, "destination": .null, "pattern": .null,
                "matcher": .null, "ticket": ticket, "reply_to": replyTo,
            ],
            headers: headers,
            properties: [
                "delivery_mode": 2, "delivery_info": ["exchange": "celery.pidbox", "routing_key": ""],
                "priority": 0, "body_encoding": "base64", "delivery_tag": .string(Identifier.make()),
            ]
        )
    }
}
