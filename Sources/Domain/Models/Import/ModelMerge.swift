extension ModelRecord {
    /// A model as a pending record describes it; the size is that of the bytes that were hashed.
    init(_ pending: PendingModel, hash: ContentHash, size: Int) {
        self.init(
            hash: hash,
            path: pending.path,
            name: pending.name,
            type: pending.type,
            size: size,
            created: pending.created,
            meta: ModelMeta.promoted(pending.meta)
        )
    }

    /// The model with what is empty in it filled from another: what is missing, blank or 0 (contracts/gallery.md §3).
    func filled(from other: ModelRecord) -> ModelRecord {
        var filled = self
        if Self.isBlank(path) { filled.path = other.path }
        if Self.isBlank(name) { filled.name = other.name }
        if Self.isBlank(type) { filled.type = other.type }
        if (size ?? 0) == 0 { filled.size = other.size }
        if (created ?? 0) == 0 { filled.created = other.created }
        filled.meta = ModelMeta.merged(meta, filledFrom: other.meta)
        return filled
    }

    private static func isBlank(_ text: String?) -> Bool { text?.allSatisfy(\.isWhitespace) ?? true }
}
