/// What became of the thumbnail of one content.
struct ThumbnailResult: Sendable {
    enum Outcome: Sendable {
        case made
        /// The reason is kept with the content.
        case failed(String)
        case unsupported(String)
        /// No file with these bytes could be read; it is tried again another time.
        case missing
    }

    var content: Int
    var hash: ContentHash
    var outcome: Outcome
}
