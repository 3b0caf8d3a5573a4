/// A model of the gallery (contracts/gallery.md §2).
package struct ModelRecord: Hashable, Sendable {
    package var hash: ContentHash
    /// Absolute.
    package var path: String
    package var name: String?
    /// `nil` when not known.
    package var type: String?
    /// Bytes.
    package var size: Int?
    package var created: Milliseconds?
    /// `description`, `community_links`, `prompts`, `images_count` and whatever clients add: an object.
    package var meta: JSON
    /// By name.
    package var words: [ModelWord]
    /// How many sample pictures there are.
    package var samples: Int

    package init(
        hash: ContentHash,
        path: String,
        name: String?,
        type: String?,
        size: Int?,
        created: Milliseconds?,
        meta: JSON = [:],
        words: [ModelWord] = [],
        samples: Int = 0
    ) {
        self.hash = hash
        self.path = path
        self.name = name
        self.type = type
        self.size = size
        self.created = created
        self.meta = meta
        self.words = words
        self.samples = samples
    }
}
