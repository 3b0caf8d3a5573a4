/// One file of the library with what is known of its content (contracts/realtime.md §5, **item**).
package struct LibraryItem: Hashable, Sendable {
    /// The file's id in the library, from 1.
    package var id: Int
    /// SHA-256 of the bytes: 64 lower-case hex digits.
    package var sha256: String
    /// The file's own name.
    package var name: String
    /// The path of the root folder it was found under.
    package var root: String
    /// Where it lies below the root, with forward slashes.
    package var path: String
    package var mime: String
    /// Bytes.
    package var size: Int
    /// Pixels, as displayed (EXIF orientation applied); `nil` when not known.
    package var width: Int?
    package var height: Int?
    /// The URL path of its thumbnail, once there is one.
    package var thumbnail: String?
    /// When the library first saw it.
    package var added: Milliseconds
    /// The names of the tags that people gave it.
    package var tags: [String]

    package init(
        id: Int,
        sha256: String,
        name: String,
        root: String,
        path: String,
        mime: String,
        size: Int,
        width: Int? = nil,
        height: Int? = nil,
        thumbnail: String? = nil,
        added: Milliseconds,
        tags: [String] = []
    ) {
        self.id = id
        self.sha256 = sha256
        self.name = name
        self.root = root
        self.path = path
        self.mime = mime
        self.size = size
        self.width = width
        self.height = height
        self.thumbnail = thumbnail
        self.added = added
        self.tags = tags
    }

    /// What is left to say of a file that is gone.
    package struct Removed: Hashable, Sendable {
        package var id: Int
        package var sha256: String

        package init(id: Int, sha256: String) {
            self.id = id
            self.sha256 = sha256
        }
    }
}
