extension JSONWriter {
    /// Writes a connected client in its native shape (contracts/realtime.md §5, **client**).
    package mutating func value(_ client: ClientRecord) {
        object { writer in
            writer.field("id", client.id)
            writer.field("kind", client.kind.rawValue)
            writer.field("name", client.name)
            writer.field("transport", client.transport.rawValue)
            writer.field("protocol", client.protocol)
            writer.field("role", client.role.rawValue)
            writer.field("since", client.since)
            writer.field("address", client.address)
            writer.field("topics", client.topics)
            if let worker = client.worker { writer.field("worker", object: { $0.members(worker) }) }
            writer.field("server", client.server)
        }
    }

    private mutating func members(_ worker: ClientRecord.Worker) {
        field("capabilities", worker.capabilities)
        field("slots", worker.slots)
        field("busy", worker.busy)
        field("tasks", worker.tasks)
        field("done", worker.done)
        field("failed", worker.failed)
        field("last_error", worker.lastError)
    }
}
