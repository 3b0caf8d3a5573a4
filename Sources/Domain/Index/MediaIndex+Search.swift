extension MediaIndex {
    /// The files that a query asks for, a page of them.
    ///
    /// Files that are no longer on the disk are left out, so that a page may be short, and the index hears of them. A
    /// `limit` of 0 answers nothing, a negative one everything. Throws ``MediaQueryError``.
    package func search(_ query: MediaQuery) async throws -> MediaPage {
        let begin = ContinuousClock.now
        return try await threads.run { [self] in
            let (found, next) = try searcher.search(query)
            return MediaPage(media: present(found, since: begin), next: next)
        }
    }

    /// Up to `limit` files, drawn anew each time; `scope` as in ``MediaQuery/scope``.
    package func randomMedia(limit: Int, scope: [String]?) async throws -> [IndexedMedia] {
        var query = MediaQuery()
        query.order = .random(seed: .random(in: 0 ... .max))
        query.limit = max(0, limit)
        query.scope = scope
        return try await search(query).media
    }

    /// What the index holds in all, and how it grew.
    package func statistics() async throws -> MediaStatistics {
        try await threads.run { [self] in try library.store.mediaStatistics() }
    }

    /// The files that are still on the disk; the index is told of those that are not.
    private func present(_ found: [FoundMedia], since begin: ContinuousClock.Instant) -> [IndexedMedia] {
        let (isPresent, changed) = presence.check(found, since: begin, change: library.passes.changeNumber)
        if !changed.isEmpty { noteChanges(in: changed) }
        return zip(found, isPresent).compactMap { $1 ? $0.media : nil }
    }
}
