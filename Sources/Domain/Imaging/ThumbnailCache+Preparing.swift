extension ThumbnailCache {
    /// What became of pictures that nobody had asked for yet.
    package struct Prepared: Hashable, Sendable {
        package var made = 0
        /// Those that were there.
        package var present = 0
        /// Those that cannot be decoded or read.
        package var failed = 0

        package var count: Int { made + present + failed }
    }

    /// Makes the thumbnails of all pictures and videos of the index that are not in the cache.
    ///
    /// `version` makes a version of a file's date, in seconds since 1970; `report` hears of each. Throws the store's
    /// errors, and ``SystemError`` when the cache cannot be written.
    package func prepareAll(
        of store: Store,
        size: ThumbnailSize,
        version: @escaping @Sendable (Int) -> String,
        report: (Prepared) -> Void = { _ in }
    ) async throws -> Prepared {
        var prepared = Prepared()
        var last = 0
        while true {
            let page = try store.media(after: last, limit: Self.page)
            guard let end = page.last else { return prepared }
            last = end.id
            try await withThrowingTaskGroup(of: Bool?.self) { group in
                var waiting = page[...]
                var running = 0
                while !waiting.isEmpty || running > 0 {
                    while running < Self.together, let media = waiting.popFirst() {
                        running += 1
                        group.addTask { [self] in
                            do {
                                return try await prepare(media.path, version: version(media.date), size: size)
                            } catch is Failure {
                                return nil
                            }
                        }
                    }
                    guard let outcome = try await group.next() else { break }
                    running -= 1
                    switch outcome {
                    case true?: prepared.made += 1
                    case false?: prepared.present += 1
                    case nil: prepared.failed += 1
                    }
                    report(prepared)
                }
            }
        }
    }

    /// How many files are looked up at once, and how many are under way.
    private static var page: Int { 256 }
    private static var together: Int { 2 * Processors.count + FFmpeg.limit }
}
