/// One distinct byte string of the library: what files hold and what people attach things to.
package struct LibraryContent: Hashable, Sendable {
    /// How it stands with the thumbnail of a content.
    package enum Thumbnail: Int, CaseIterable, Sendable {
        /// Not made yet.
        case wanted = 0
        case made = 1
        /// The picture is corrupt or too large; the reason is kept.
        case failed = 2
        /// A type of which no thumbnail is made.
        case unsupported = 3
    }

    package var id: Int
    package var hash: ContentHash
    package var mime: String
    /// Bytes.
    package var size: Int
    /// Pixels as displayed, when known.
    package var width: Int?
    package var height: Int?
    package var thumbnail: Thumbnail
    /// Why there is no thumbnail.
    package var thumbnailError: String?
    /// How many files of the library hold it.
    package var files: Int
    /// When the library first saw it.
    package var added: Milliseconds
}
