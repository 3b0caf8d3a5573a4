import Domain

/// Which tags `GET /api/tags` answers to a client of the assets API (contracts/comfy-assets.md §7.1).
enum AssetsTagQuery {
    /// Any of these in a query means the assets API.
    private static let names = ["prefix", "limit", "offset", "order", "include_zero", "include_public"]

    /// Whether a query has any parameter of the assets API.
    static func isMeant(by members: QueryMembers) -> Bool { names.contains { members[$0] != nil } }

    /// Reads the parameters; throws ``AssetsError`` `INVALID_QUERY`.
    ///
    /// `include_public` is read and changes nothing: everything here belongs to everyone.
    static func read(_ members: QueryMembers) throws(AssetsError) -> ModelGallery.WordQuery {
        var query = AssetsQuery(members)
        var words = ModelGallery.WordQuery()
        words.prefix = query.text("prefix", lengths: 1...256) ?? ""
        words.limit = query.integer("limit", in: 1...1000, default: 100)
        words.offset = query.integer("offset", in: 0...10_000_000, default: 0)
        words.order = query.word("order", default: .countDescending)
        words.includesUnused = query.boolean("include_zero", default: true)
        _ = query.boolean("include_public", default: true)
        try query.check()
        return words
    }
}
