extension ModelGallery {
    /// Which words are listed, and how (contracts/comfy-assets.md §7.1).
    package struct WordQuery: Hashable, Sendable {
        package enum Order: String, CaseIterable, Sendable {
            /// The most used first, then by name.
            case countDescending = "count_desc"
            case nameAscending = "name_asc"
        }

        /// What names begin with, whatever the case of its letters; empty asks for nothing.
        package var prefix = ""
        package var order = Order.countDescending
        /// Whether words are listed that no model has.
        package var includesUnused = true
        package var limit = 100
        package var offset = 0

        package init() {}
    }

    /// All words, by name.
    package func words() async throws -> [ModelWord] {
        let store = library.store
        return try await threads.run { try store.words() }
    }

    /// The words that a query asks for; `total` is without `limit` and `offset`.
    package func words(_ query: WordQuery) async throws -> (words: [ModelWord], total: Int) {
        let store = library.store
        return try await threads.run { try store.words(query) }
    }

    /// The words of these names in this order, made where they are missing.
    ///
    /// White space around names and zero bytes in them are dropped, and so are names of nothing else. Names of other
    /// case are other names. A name that comes again comes again in the answer.
    package func addWords(_ names: [String]) async throws -> [ModelWord] {
        try await threads.run { [self] in
            try commit {
                let (words, added) = try library.store.addWords(names)
                return (words, ModelChanges(words: added))
            }
        }
    }
}
