/// Why the index did not do what it was asked.
package enum MediaIndexError: Error, Hashable, Sendable {
    /// There is no such file on the disk.
    case noFile(String)
    /// The path lies in no folder of the library.
    case outsideLibrary(String)
    /// The index holds nothing yet.
    case empty
    /// A tag cannot be called so.
    case invalidTagName
    /// There is no tag of this id.
    case noTag(Int)
    /// There is no extra path like this.
    case noExtraPath(String)
    /// A value that must be JSON is none.
    case invalidJSON
}
