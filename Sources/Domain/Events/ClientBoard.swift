/// The present state of topic `clients`: who is connected.
package struct ClientBoard: Sendable {
    private var records: [String: ClientRecord] = [:]

    /// Nobody connected.
    package init() {}

    /// The connected clients, longest connected first.
    package var clients: [ClientRecord] {
        records.values.sorted { ($0.since, $0.id) < ($1.since, $1.id) }
    }

    /// How many clients are connected.
    package var count: Int { records.count }

    /// The record of one connected client.
    package func client(_ id: String) -> ClientRecord? { records[id] }

    /// Folds one event in; events of other topics change nothing.
    package mutating func apply(_ event: Event) {
        switch event {
        case .clientJoined(let client): records[client.id] = client
        case .clientChanged(let client): if records[client.id] != nil { records[client.id] = client }
        case .clientLeft(let id): records[id] = nil
        default: break
        }
    }
}
