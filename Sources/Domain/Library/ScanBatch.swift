/// A directory as a scan finds it; one object a directory, shared by its files.
final class ScanDirectory: Sendable {
    let root: LibraryRoot
    /// Below the root; empty for the root itself.
    let path: String
    /// The device number of its file system.
    let device: Int

    init(root: LibraryRoot, path: String, device: Int) {
        self.root = root
        self.path = path
        self.device = device
    }

    /// The absolute path of a file in it.
    func absolute(_ name: String) -> String { FolderPath.joined(root.absolute(path), name) }
}

/// A file that a scan has examined and that belongs to the library.
struct FoundFile: Sendable {
    var directory: ScanDirectory
    var name: String
    /// Bytes.
    var size: Int
    /// Modification time in nanoseconds since 1970.
    var modified: Int
    var hash: ContentHash
    var type: MediaType
    var width: Int?
    var height: Int?

    func item(id: Int, hasThumbnail: Bool, added: Milliseconds) -> LibraryItem {
        LibraryItem(
            id: id,
            sha256: hash.hex,
            name: name,
            root: directory.root.path,
            path: FolderPath.joined(directory.path, name),
            mime: type.rawValue,
            size: size,
            width: width,
            height: height,
            thumbnail: hasThumbnail ? ThumbnailPath.url(hash) : nil,
            added: added
        )
    }
}

/// What one transaction of a scan takes in.
struct ScanBatch: Sendable {
    /// How many files make a batch full.
    static let limit = 500

    var found: [FoundFile] = []
    /// Ids of files that are no longer there.
    var gone: [Int] = []
    /// Directories whose file system has another device number now.
    var devices: [(directory: Int, device: Int)] = []

    var count: Int { found.count + gone.count + devices.count }
    var isEmpty: Bool { count == 0 }
}
