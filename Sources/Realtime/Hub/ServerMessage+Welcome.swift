import Domain

extension ServerMessage {
    /// The first message on every connection (contracts/realtime.md §2).
    static func welcome(_ client: ClientRecord, hub: Hub) -> ServerMessage {
        let configuration = hub.configuration
        let offset = hub.journal.read { $0.offset }
        return ServerMessage("welcome") {
            $0.field("client", client.id)
            $0.field("epoch", hub.journal.epoch)
            $0.field("offset", offset)
            $0.field("server", "vitrine/\(Release.version)")
            $0.field("role", client.role.rawValue)
            $0.field("ping", configuration.pingInterval)
            $0.field(
                "limits",
                object: {
                    $0.field("message", configuration.maxMessage)
                    $0.field("depth", HubConfiguration.depth)
                    $0.field("subscriptions", configuration.maxSubscriptions)
                }
            )
        }
    }
}
