/// Where the thumbnail of a content lies, in URLs and in the thumbnails folder.
package enum ThumbnailPath {
    /// The URL path (contracts/realtime.md §5, **item**).
    package static func url(_ hash: ContentHash) -> String { url(hex: hash.hex) }

    static func url(hex: String) -> String { "/thumbnails/\(hex).webp" }

    /// Where it lies below the thumbnails folder: two levels of folders, so that none grows too large.
    package static func file(_ hash: ContentHash) -> String {
        let hex = hash.hex
        return "\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex).webp"
    }
}
