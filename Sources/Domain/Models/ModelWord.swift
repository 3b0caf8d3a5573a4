/// A tag of models and assets: a word with a number.
package struct ModelWord: Hashable, Sendable {
    package var id: Int
    package var name: String
    /// How many models have it; 0 for the words of a model or a record, which are not counted.
    package var count: Int
    /// Whether it is there from the start.
    package var isSystem: Bool

    package init(id: Int, name: String, count: Int = 0, isSystem: Bool = false) {
        self.id = id
        self.name = name
        self.count = count
        self.isSystem = isSystem
    }
}
