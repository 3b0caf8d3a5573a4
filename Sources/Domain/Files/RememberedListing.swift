#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder's listing that may be answered again as long as nothing happens in the folder.
struct RememberedListing: Sendable {
    /// The folder as it was before it was read.
    struct State: Hashable, Sendable {
        private var device: UInt64
        private var inode: UInt64
        private var modified: Int
        private var changed: Int

        /// Looks at an open folder.
        init?(_ folder: Int32) {
            var status = stat()
            guard fstat(folder, &status) == 0 else { return nil }
            device = UInt64(truncatingIfNeeded: status.st_dev)
            inode = UInt64(status.st_ino)
            modified = status.modified
            changed = status.changed
        }
    }

    /// The resolved path.
    let folder: String
    let state: State
    /// By which it was decided what is shown.
    let policy: PathPolicy
    var entries: ListedEntries
    /// A number of these entries alone, of all that this process ever remembered.
    var version: Int
    /// The number of the folder's watch.
    let watch: Int32
    /// When it began to be read in full.
    let start: Milliseconds
}
