/// Files of one directory to be examined together.
struct ScanJob: Sendable {
    /// How many files one job holds at most.
    static let limit = 32

    /// One file as the listing shows it.
    struct Entry: Sendable {
        var name: String
        /// The id of the file's row, when the library knows the path.
        var known: Int?
        /// Bytes.
        var size: Int
        /// Modification time in nanoseconds since 1970.
        var modified: Int
        var inode: Int
        /// Its ``DirectoryListing/sidecarMark(of:)``.
        var sidecar: Int?
        /// Whether its content is to be computed anew in any case.
        var rehash = false
        /// Whether it looks as its row says, but for the inode.
        var looksSame = false
        /// Whether its row was another path's and comes with it.
        var isMoved = false
    }

    var directory: ScanDirectory
    /// `nil`: the files are opened by their paths.
    var handle: DirectoryHandle?
    var entries: [Entry]
}

/// A known file that may lie elsewhere now: where it was, and how it looked.
struct MoveCandidate: Sendable {
    var id: Int
    var path: String
    var size: Int
    var modified: Int
    var inode: Int
    var sidecar: Int?
    /// When the library first knew it.
    var added: Milliseconds
}
