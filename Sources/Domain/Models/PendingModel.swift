/// A model file that was found and waits to be imported (contracts/gallery.md §2).
package struct PendingModel: Hashable, Sendable {
    package var id: Int
    /// Absolute.
    package var path: String
    /// Known once the file has been hashed.
    package var hash: ContentHash?
    package var name: String?
    package var type: String?
    /// Bytes.
    package var size: Int?
    package var created: Milliseconds?
    /// As a model's, with `images` (names of pictures that wait with it) in place of `images_count`.
    package var meta: JSON
    /// By name.
    package var words: [ModelWord]

    package init(
        id: Int,
        path: String,
        hash: ContentHash? = nil,
        name: String?,
        type: String?,
        size: Int?,
        created: Milliseconds?,
        meta: JSON = [:],
        words: [ModelWord] = []
    ) {
        self.id = id
        self.path = path
        self.hash = hash
        self.name = name
        self.type = type
        self.size = size
        self.created = created
        self.meta = meta
        self.words = words
    }
}
