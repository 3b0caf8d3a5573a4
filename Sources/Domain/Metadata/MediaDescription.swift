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
    package var seed: UInt64?
    package var rating: Double?
    /// Whether the file is taken for what it is by its name alone: its bytes say nothing, or the header is broken.
    package var isBroken = false

    package init(kind: MediaKind, width: Int? = nil, height: Int? = nil) {
        self.kind = kind
        self.width = width
        self.height = height
    }
}
