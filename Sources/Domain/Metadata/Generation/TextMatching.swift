/// Tells whether a pattern is found in a text: how rules use whatever engine there is for regular expressions.
package protocol TextMatching: Sendable {
    /// Whether the pattern is found anywhere in the text.
    func matches(_ text: String) -> Bool
}
