/// Where a path lies in the library: its root, the folder below it, and the file's name.
struct MediaPlace: Hashable, Sendable {
    /// As it was given.
    var given: String
    var root: LibraryRoot
    /// Below the root; empty for the root itself.
    var folder: String
    var name: String

    /// The absolute path.
    var path: String { FolderPath.joined(root.absolute(folder), name) }
}

extension Library {
    /// Where paths lie in the library, judged by where they really lie; those outside of it are left out, and what scans
    /// leave out too.
    func places(of paths: [String]) throws -> [MediaPlace] {
        let roots = try roots()
        return paths.compactMap { place(of: $0, among: roots) }
    }

    /// Where a path lies; `nil` outside of the library.
    ///
    /// Only the folder's links are followed: a file is never a link.
    func place(of path: String, among roots: [LibraryRoot]) -> MediaPlace? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0),
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        else { return nil }
        let name = String(path[path.utf8.index(after: slash)...])
        guard !name.isEmpty, name != ".", name != ".." else { return nil }
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let resolved = PathPolicy.resolved(folder) ?? folder
        for root in roots {
            guard let below = root.relative(resolved) else { continue }
            guard !leavesOut(FolderPath.joined(below, name), of: root) else { return nil }
            return MediaPlace(given: path, root: root, folder: below, name: name)
        }
        return nil
    }
}
