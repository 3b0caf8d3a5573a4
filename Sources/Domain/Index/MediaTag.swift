/// A tag of the index.
package struct MediaTag: Hashable, Sendable {
    /// The type of the tags that people give.
    package static let custom = "custom"
    /// The id of the tag `like`, which is always there.
    package static let like = 1

    package var id: Int
    package var name: String
    /// ``custom``, or the category of an automatic tag.
    package var type: String
    /// How many files have it; always 0 for custom ones.
    package var count: Int
    /// Any text; empty when none was chosen.
    package var color: String
    package var displayName: String?

    package init(id: Int, name: String, type: String, count: Int = 0, color: String = "", displayName: String? = nil) {
        self.id = id
        self.name = name
        self.type = type
        self.count = count
        self.color = color
        self.displayName = displayName
    }
}
