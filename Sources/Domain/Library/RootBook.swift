/// Which roots of a library stay whatever people ask, and who hears that there are others now.
struct RootBook: Sendable {
    /// Resolved paths of folders that were configured, and of those in the data directory.
    var permanent: [String] = []
    var listeners: [@Sendable () -> Void] = []
}
