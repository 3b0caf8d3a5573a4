extension MediaIndex {
    /// What clients keep on the server, by name.
    package func settings() async throws -> [String: JSON] {
        try await threads.run { [library] in
            var settings: [String: JSON] = [:]
            for (name, json) in try library.store.clientSettings() { settings[name] = try? JSONParser.parse(json) }
            return settings
        }
    }

    /// Keeps a value, given as JSON text.
    ///
    /// Throws ``MediaIndexError/invalidJSON`` for what is none, or is nested more than 32 levels deep.
    package func setSetting(_ name: String, to json: String) async throws {
        guard (try? JSONParser.parse(json)) != nil else { throw MediaIndexError.invalidJSON }
        try await threads.run { [library] in try library.store.setClientSetting(name, to: json) }
    }

    /// Forgets a value; nothing happens when there is none.
    package func removeSetting(_ name: String) async throws {
        try await threads.run { [library] in try library.store.removeClientSetting(name) }
    }
}
