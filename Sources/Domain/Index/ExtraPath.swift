/// A folder that people added to the library, with how they want to see it (contracts/iib.md §9).
package struct ExtraPath: Hashable, Sendable {
    /// Absolute, as given but for `.`, `..`, doubled and trailing slashes.
    package var path: String
    /// `scanned`, `scanned-fixed`, `walk`, in the order in which they were added.
    package var types: [String]
    package var alias: String

    package init(path: String, types: [String], alias: String = "") {
        self.path = path
        self.types = types
        self.alias = alias
    }
}
