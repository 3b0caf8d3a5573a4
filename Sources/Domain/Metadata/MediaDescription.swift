/// What the index keeps of one file.
package struct MediaDescription: Hashable, Sendable {
    package var kind: MediaKind
    /// Pixels as displayed; `nil` when not known.
    package var width: Int?
    package var height: Int?
    /// The generation parameters as text (contracts/iib.md §3); empty when there are none.
    package var text = ""
    /// Without repeats.
    package var tags: [AutoTag] = []
    /// The model's name, the seed and a rating from 0 to 5, when the file says them.
    package var model: String?
    package var seed: Int?
    package var rating: Double?

    package init(kind: MediaKind, width: Int? = nil, height: Int? = nil) {
        self.kind = kind
        self.width = width
        self.height = height
    }
}
