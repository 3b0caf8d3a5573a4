/// One picture, video or sound of the index, as searches answer it.
package struct IndexedMedia: Hashable, Sendable {
    /// The file's id in the library, from 1.
    package var id: Int
    /// The absolute path.
    package var path: String
    package var kind: MediaKind
    /// When it was last modified, in seconds since 1970.
    package var date: Int
    /// Bytes.
    package var size: Int

    package init(id: Int, path: String, kind: MediaKind, date: Int, size: Int) {
        self.id = id
        self.path = path
        self.kind = kind
        self.date = date
        self.size = size
    }
}
