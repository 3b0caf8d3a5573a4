extension MediaIndex {
    /// What clients keep on the server, by name.
    package func settings() async throws -> [String: JSON] { throw MediaIndexError.unavailable }

    /// Keeps a value, given as JSON text. Throws ``MediaIndexError/invalidJSON``.
    package func setSetting(_ name: String, to json: String) async throws { throw MediaIndexError.unavailable }

    /// Forgets a value; nothing happens when there is none.
    package func removeSetting(_ name: String) async throws { throw MediaIndexError.unavailable }
}
