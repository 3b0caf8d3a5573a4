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
    /// The id of its row, when the library knows the path.
    var known: Int?
    /// Bytes.
    var size: Int
    /// Modification time in nanoseconds since 1970.
    var modified: Int
    var inode: Int
    /// The ``DirectoryListing/sidecarMark(of:)`` of the text that was read with it.
    var sidecar: Int?
    /// What the index is to keep of it; `nil` for what it does not list, such as a model.
    var description: MediaDescription?
    /// Whether its content is to be computed anew even though neither size nor time changed.
    var rehash = false

    /// Whether it is in the index by its name alone and has no content for the library.
    var isBroken: Bool { description?.isBroken == true }
}

extension FoundFile {
    /// A file that a scan came across, as it was when it was examined.
    init(
        _ entry: ScanJob.Entry,
        _ directory: ScanDirectory,
        _ description: MediaDescription?,
        size: Int,
        modified: Int,
        inode: Int
    ) {
        self.init(
            directory: directory,
            name: entry.name,
            known: entry.known,
            size: size,
            modified: modified,
            inode: inode,
            sidecar: entry.sidecar,
            description: description,
            rehash: entry.rehash
        )
    }
}

/// A known file that a scan found at another path.
struct MovedFile: Sendable {
    var id: Int
    var directory: ScanDirectory
    var name: String
}

/// What one transaction of a scan takes in.
struct ScanBatch: Sendable {
    /// How many files make a batch full.
    static let limit = 4096

    var moved: [MovedFile] = []
    var found: [FoundFile] = []
    /// Ids of files that are no longer there.
    var gone: [Int] = []
    /// Ids of files whose paths hold something else now, or something broken.
    ///
    /// Those of which people said something are kept: whoever writes the file may not be done with it.
    var unrecognised: [Int] = []
    /// Files that are as they were, under another inode.
    var inodes: [(file: Int, inode: Int)] = []
    /// Directories that were read, and when they were last changed before that.
    var directories: [(directory: ScanDirectory, modified: Int)] = []

    var count: Int {
        found.count + gone.count + unrecognised.count + moved.count + inodes.count + directories.count
    }
    var isEmpty: Bool { count == 0 }

    /// What of it lies in these roots, and what is about rows only.
    func inside(_ roots: Set<LibraryRoot>) -> ScanBatch {
        // Files of one directory follow each other.
        var last: (directory: ScanDirectory, isInside: Bool)?
        func isInside(_ directory: ScanDirectory) -> Bool {
            if let last, last.directory === directory { return last.isInside }
            let isInside = roots.contains(directory.root)
            last = (directory, isInside)
            return isInside
        }
        // All of it, as a rule: then nothing is copied.
        if moved.allSatisfy({ isInside($0.directory) }), found.allSatisfy({ isInside($0.directory) }),
            directories.allSatisfy({ isInside($0.directory) })
        {
            return self
        }
        var batch = self
        batch.moved.removeAll { !isInside($0.directory) }
        batch.found.removeAll { !isInside($0.directory) }
        batch.directories.removeAll { !isInside($0.directory) }
        return batch
    }

    /// Takes in what another holds.
    mutating func add(_ other: ScanBatch) {
        moved += other.moved
        found += other.found
        gone += other.gone
        unrecognised += other.unrecognised
        inodes += other.inodes
        directories += other.directories
    }
}
