import Foundation

/// What is put into a Celery queue for one attempt at a task: message protocol 2 (contracts/socketio.md §8).
///
/// The same attempt always makes the same bytes, so that a message can be found and taken back.
struct CeleryMessage {
    let id: String
    let route: CeleryRoute
    let record: TaskRecord
    /// The address that VFrame's tasks report to.
    let endpoint: String
    /// Whose name stands in it as the sender.
    let origin: String

    /// Celery's priority.
    var step: Int { CeleryKeys.step(priority: record.priority) }

    /// The list that it goes to.
    var list: String { CeleryKeys.list(queue: route.queue, step: step) }

    /// The whole message.
    var encoded: [UInt8] {
        let (args, kwargs): (JSON, JSON) =
            switch route.arguments {
            case .vframe: ([.string(record.id), .string(endpoint), record.params], [:])
            case .params: ([], record.params)
            }
        let embed: JSON = ["callbacks": .null, "errbacks": .null, "chain": .null, "chord": .null]
        return CeleryEnvelope.encode(
            body: [args, kwargs, embed],
            headers: [
                "lang": "py", "task": .string(route.task), "id": .string(id), "root_id": .string(id),
                "parent_id": .null, "group": .null, "group_index": .null, "retries": 0, "eta": .null,
                "expires": .null, "timelimit": [.null, .null], "argsrepr": .string(Self.shown(args)),
                "kwargsrepr": .string(Self.shown(kwargs)), "origin": .string(origin), "ignore_result": false,
                "shadow": .null, "stamped_headers": .null, "stamps": [:], "replaced_task_nesting": 0,
            ],
            properties: [
                "correlation_id": .string(id), "reply_to": .string(id), "delivery_mode": 2,
                "delivery_info": ["exchange": "", "routing_key": .string(route.queue)],
                "priority": .int(Int64(step)), "body_encoding": "base64", "delivery_tag": .string(id),
            ]
        )
    }

    /// The arguments as Celery's logs show them, cut short.
    private static func shown(_ value: JSON) -> String { String(value.text.prefix(1_024)) }
}

/// The JSON envelope of every message that goes through Celery's transport on Redis.
enum CeleryEnvelope {
    /// A message with its body in base64.
    static func encode(body: JSON, headers: JSON, properties: JSON) -> [UInt8] {
        let message: JSON = [
            "body": .string(Data(body.encoded).base64EncodedString()), "content-encoding": "utf-8",
            "content-type": "application/json", "headers": headers, "properties": properties,
        ]
        return message.encoded
    }

    /// The headers and the body of a message; `nil` for what is no message with a JSON body.
    static func decode(_ bytes: [UInt8]) -> (headers: JSON, body: JSON)? {
        guard let message = try? JSONParser.parse(bytes, depth: depth), let body = message["body"]?.string else {
            return nil
        }
        let isEncoded = message["properties"]?["body_encoding"]?.string == "base64"
        let content = isEncoded ? Data(base64Encoded: body).map { Array($0) } : Array(body.utf8)
        guard let content, let value = try? JSONParser.parse(content, depth: depth) else { return nil }
        return (message["headers"] ?? [:], value)
    }

    /// How deep JSON of Celery's may be; tasks return what they like.
    static let depth = 128
}
