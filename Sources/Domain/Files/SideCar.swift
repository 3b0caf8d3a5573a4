/// The text file beside a picture, video or sound: the same path with the suffix replaced by `.txt`
/// (contracts/iib.md, Media kinds).
package enum SideCar {
    /// Where the side-car of a file lies, whether it is there or not; `nil` for what has none, such as other kinds of
    /// files and names without a suffix.
    package static func path(of path: String) -> String? {
        let suffix = FileName.suffix(of: path)
        guard suffix < path.endIndex, MediaKind(name: FolderPath.name(of: path)) != nil else { return nil }
        return String(path[..<suffix]) + ".txt"
    }
}
