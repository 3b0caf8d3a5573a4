/// What the system says of a watched folder.
struct WatchEvent: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// Something in the folder, or the folder itself, was written or got other properties.
        case changed
        /// A file was closed that had been open for writing.
        case written
        /// Something is in the folder now that was not.
        case appeared
        /// Something is no longer in the folder.
        case vanished
        /// The folder itself was moved.
        case moved
        /// The folder is no longer watched: it is gone, or its file system.
        case ended
        /// Events were lost.
        case overflow
    }

    /// The number of the watch; -1 for ``Kind/overflow``.
    var watch: Int32
    var kind: Kind
    /// What it is about, inside the folder; `nil` for the folder itself.
    ///
    /// Bytes that are not UTF-8 are replaced.
    var name: String?
    /// Whether that is a folder; never one whose name is not UTF-8, which is no part of the library.
    var isFolder: Bool
}
