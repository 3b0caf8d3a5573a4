/// The pictures that come with the project.
package enum DemoLibrary {
    /// How large a demo picture may be, in bytes.
    private static let fileLimit = 16 * 1024 * 1024

    /// Copies the pictures of a folder into `output/demo` of a data directory; answers how many were new or changed.
    ///
    /// Each arrives whole or not at all, and one that is there already with the same bytes is left alone, so loading
    /// twice changes nothing. Hidden files, folders, links and files that are no pictures are left out. Throws
    /// ``SystemError`` when the folder cannot be read or a picture cannot be copied.
    package static func load(from folder: String, into data: DataDirectory) throws -> Int {
        let target = FolderPath.joined(data[.output], "demo")
        try WholeFile.makeFolder(target)
        let listing = try DirectoryListing(path: FolderPath.resolvedFolder(folder))
        var copied = 0
        for file in listing.files {
            guard let name = listing.name(file) else { continue }
            let bytes: [UInt8]
            do {
                bytes = try WholeFile.read(FolderPath.joined(folder, name), limit: fileLimit)
            } catch .system(let error) {
                throw error
            } catch {
                continue
            }
            let isPicture = bytes.withUnsafeBytes {
                MediaType(head: UnsafeRawBufferPointer(rebasing: $0.prefix(MediaType.headLength)), size: $0.count)
            }
            guard isPicture != nil else { continue }
            let path = FolderPath.joined(target, name)
            if let present = try? WholeFile.read(path, limit: fileLimit), present == bytes { continue }
            try WholeFile.write(bytes, to: path)
            copied += 1
        }
        return copied
    }
}
