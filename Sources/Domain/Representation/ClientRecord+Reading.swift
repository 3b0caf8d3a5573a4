extension ClientRecord {
    /// Reads a client in its native shape (contracts/realtime.md §5, **client**), as another server wrote it.
    ///
    /// `nil` when it is none: an id that is no id, a field missing or of a wrong type.
    package init?(_ json: JSON) {
        guard let id = json["id"]?.string, Identifier.isValid(id),
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let transport = json["transport"]?.string.flatMap(Transport.init(rawValue:)),
            let spoken = json["protocol"]?.string, let role = json["role"]?.string.flatMap(Role.init(rawValue:)),
            let since = json["since"]?.int, let address = json["address"]?.string
        else { return nil }
        self.init(
            id: id,
            kind: kind,
            transport: transport,
            protocol: spoken,
            role: role,
            since: since,
            address: address
        )
        name = json["name"]?.string
        topics = json["topics"]?.array?.compactMap(\.string) ?? []
        worker = json["worker"].flatMap(Worker.init)
        server = json["server"]?.string
    }
}

extension ClientRecord.Worker {
    /// Reads what a worker offers and how it fares; `nil` when it is none.
    package init?(_ json: JSON) {
        guard let slots = json["slots"]?.int, slots >= 0 else { return nil }
        self.init(capabilities: json["capabilities"]?.array?.compactMap(\.string) ?? [], slots: slots)
        busy = json["busy"]?.int ?? 0
        tasks = json["tasks"]?.array?.compactMap(\.string) ?? []
        done = json["done"]?.int ?? 0
        failed = json["failed"]?.int ?? 0
        lastError = json["last_error"]?.string
    }
}
