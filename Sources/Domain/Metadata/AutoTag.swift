/// A tag that the index gives a file by itself: its category and its name (contracts/iib.md §5).
package struct AutoTag: Hashable, Sendable {
    /// The category: `size`, `Media Type`, `Model`, `lora`, `pos`, …; `custom` when a rule gave it.
    package var type: String
    package var name: String

    package init(_ type: String, _ name: String) {
        self.type = type
        self.name = name
    }
}
