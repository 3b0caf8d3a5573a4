/// A result too large for one message, on disk until the word that its task is done.
struct UploadedResult: Hashable, Sendable {
    /// The absolute path of a file that holds it as JSON.
    let path: String
}
