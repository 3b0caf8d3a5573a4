/// Keeps pictures that wait with models.
protocol PendingPictureKeeping: Sendable {
    /// Copies the picture at a path to those that wait; answers the name of the copy's file.
    ///
    /// Throws for what is no picture that can be a sample, and ``SystemError``.
    func keep(copyOf path: String) throws -> String

    /// Removes a copy that no record has named.
    func discard(_ name: String)
}
