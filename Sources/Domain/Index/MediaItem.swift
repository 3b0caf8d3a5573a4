/// A picture, video or sound with what the index and the library know of it, for the native API.
package struct MediaItem: Hashable, Sendable {
    package var id: Int
    /// SHA-256 of the bytes, 64 lower-case hex digits; `nil` until the file is hashed, as ``mime`` and ``thumbnail``,
    /// and for one that is broken.
    package var sha256: String?
    package var name: String
    /// The path of the root folder it was found under.
    package var root: String
    /// Where it lies below the root, with forward slashes.
    package var path: String
    package var mime: String?
    /// Bytes.
    package var size: Int
    /// Pixels as displayed, when known.
    package var width: Int?
    package var height: Int?
    /// The URL path of its thumbnail, once there is one.
    package var thumbnail: String?
    /// When the library first saw it.
    package var added: Milliseconds
    /// When it was last modified, in seconds since 1970.
    package var date: Int
    package var kind: MediaKind
    /// The names of the tags that people gave it.
    package var tags: [String]
    /// What it was made with; only when it was asked for.
    package var text: String?
}

/// A folder of the library, as one looks into it.
package struct MediaFolder: Hashable, Sendable {
    /// Absolute.
    package var path: String
    /// How many files of the index lie in it and below.
    package var files: Int
    /// The newest of them, at most ``coverLimit``.
    package var newest: [MediaItem]

    /// How many files make a folder's cover.
    package static let coverLimit = 4
}
