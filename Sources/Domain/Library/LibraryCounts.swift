/// How much the library holds.
package struct LibraryCounts: Hashable, Sendable {
    /// Distinct contents that have at least one file.
    package var contents: Int
    package var files: Int
    /// The sum of the sizes of all files.
    package var bytes: Int

    package init(contents: Int = 0, files: Int = 0, bytes: Int = 0) {
        self.contents = contents
        self.files = files
        self.bytes = bytes
    }
}
