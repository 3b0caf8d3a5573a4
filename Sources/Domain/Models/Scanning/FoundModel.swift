/// A model file that was found and read, as it is to wait for its import.
struct FoundModel: Hashable, Sendable {
    /// Absolute.
    var path: String
    /// The name of the file (contracts/gallery.md, `POST /api/models/scan`).
    var name: String
    var type: String
    /// Bytes.
    var size: Int
    /// When the file was last changed.
    var created: Milliseconds
    var info: ModelFileInfo
    /// Names of the pictures that wait with it.
    var images: [String] = []
}
