/// What this program is.
package enum Release {
    /// The version, as in `vitrine version` and in the protocol's `welcome`.
    package static let version = "0.1.0"
}
