/// Reads from a file what the index keeps of it: its header, its metadata, its generation text and its tags.
struct MediaReader: Sendable {
    /// Grows when a reader finds more or other things in the same file; files read by an older one are read again.
    static let version = 1

    /// What reading a file gave.
    enum Reading {
        case described(MediaDescription)
        /// A file of the library that the index does not list, such as a model.
        case unlisted
        /// It says that it is a picture, but its header is broken.
        case corrupt
    }

    /// A reader with the rules that people keep in the store.
    init(store: Store) throws {}

    /// Reads a file of the given type.
    ///
    /// `sidecar` is the text beside it, `path` names it for a decoder that looks for a text in its pixels.
    func read(_ source: inout ByteSource, type: MediaType, sidecar: String?, path: () -> String) -> Reading {
        let header = PictureHeader(&source, type: type)
        if header == nil, type.needsDimensions { return .corrupt }
        guard let kind = MediaKind(type) else { return .unlisted }
        var description = MediaDescription(
            kind: kind,
            width: header?.displayWidth,
            height: header?.displayHeight
        )
        description.text = sidecar ?? ""
        return .described(description)
    }
}
