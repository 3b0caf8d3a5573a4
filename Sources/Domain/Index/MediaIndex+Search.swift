extension MediaIndex {
    /// The files that a query asks for, a page of them.
    ///
    /// Files that are no longer on the disk are left out and forgotten. Throws ``MediaQueryError``.
    package func search(_ query: MediaQuery) async throws -> MediaPage { throw MediaIndexError.unavailable }

    /// Up to `limit` files, drawn anew each time; `scope` as in ``MediaQuery/scope``.
    package func randomMedia(limit: Int, scope: [String]?) async throws -> [IndexedMedia] {
        throw MediaIndexError.unavailable
    }

    /// What the index holds in all, and how it grew.
    package func statistics() async throws -> MediaStatistics { throw MediaIndexError.unavailable }
}
