/// A file on disk that holds a content.
package struct ContentFile: Hashable, Sendable {
    /// The absolute path.
    package var path: String
    /// The content's media type.
    package var mime: String

    package init(path: String, mime: String) {
        self.path = path
        self.mime = mime
    }
}
