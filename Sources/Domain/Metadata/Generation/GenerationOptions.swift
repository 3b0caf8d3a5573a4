/// What to look for in pictures besides what costs next to nothing.
package struct GenerationOptions: Hashable, Sendable {
    /// Whether texts hidden in the lowest bits of the pixels are read, which needs the whole picture decoded.
    package var readsHiddenText: Bool

    package init(readsHiddenText: Bool = false) {
        self.readsHiddenText = readsHiddenText
    }
}
