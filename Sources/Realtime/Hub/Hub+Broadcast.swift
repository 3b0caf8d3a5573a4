package import Domain

/// A client of the native protocol, whatever carries it.
protocol NativeClient: HubClient, Addressable {
    /// The id under which it is listed.
    var clientID: String { get }
}

extension NativeSession: NativeClient {
    var clientID: String { record.id }
}

extension EventStreamSession: NativeClient {
    var clientID: String { record.id }
}

extension Hub {
    /// More bytes than this unread, and a client is left out: nothing tells it again what it missed.
    static let unreadLimit = 256 * 1024

    /// Sends `client.event` to every native client but those of these ids, behind all events published before it.
    ///
    /// Encoded once a loop and format. A client that does not read does not get it, and counts as a slow reader.
    package func broadcast(event: String, _ arguments: [JSON], skipping ids: Set<String>) {
        let message = ServerMessage.clientEvent(event, arguments)
        let offset = journal.read { $0.offset }
        for shard in shards {
            shard.loop.execute {
                shard.drain(through: offset)
                var encoded: [WireFormat: Bytes] = [:]
                for (member, _) in Array(shard.sessions.values) {
                    guard let client = member as? any NativeClient, !ids.contains(client.clientID) else { continue }
                    let subscriber = client.subscriber
                    guard subscriber.unreadAnswers < Self.unreadLimit else {
                        shard.noteSlow()
                        continue
                    }
                    let bytes = encoded[subscriber.format] ?? subscriber.encode(message)
                    encoded[subscriber.format] = bytes
                    subscriber.send(encoded: bytes)
                    subscriber.link?.flush()
                }
            }
        }
    }
}
