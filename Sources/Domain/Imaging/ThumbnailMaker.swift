#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes the thumbnail of a content from whichever of its files can be read.
struct ThumbnailMaker: Sendable {
    /// How many files of one content are tried.
    private static let filesLimit = 8

    let store: Store
    let data: DataDirectory
    var limits = PictureLimits()

    /// Makes the thumbnail and puts it in its place; one that lies there already is taken as made, unless `again`.
    ///
    /// It is on the disk for good after the next ``flush()``; throws the store's errors and ``SystemError`` when the thumbnail cannot be written.
    func make(_ content: LibraryContent, again: Bool) throws -> ThumbnailResult.Outcome {
        let path = data.thumbnail(content.hash)
        if !again, let present = try? WholeFile.read(path, limit: 1 << 20), Thumbnail.isThumbnail(present) {
            return .made
        }
        guard content.size <= limits.bytes else {
            return .failed(PictureError.tooLarge("\(content.size) bytes").description)
        }
        guard let bytes = try read(content) else { return .missing }
        do {
            let thumbnail = try Thumbnail.make(bytes, limits: limits)
            if let folder = FolderPath.parent(path) { try WholeFile.makeFolder(folder) }
            try WholeFile.write(thumbnail, to: path, durably: false)
            return .made
        } catch let error as PictureError {
            if case .unsupported = error { return .unsupported(error.description) }
            return .failed(error.description)
        }
    }

    /// Waits until the thumbnails made so far would outlive a power cut: before a row says that they are there.
    func flush() throws { try WholeFile.flush(data[.thumbnails]) }

    /// The bytes of a content, from the first of its files that still has them.
    private func read(_ content: LibraryContent) throws -> [UInt8]? {
        guard let hasher = ContentHasher() else { throw SystemError(code: ENOMEM, action: "libcrypto") }
        for item in try store.items(holding: content.hash, limit: Self.filesLimit) {
            let path = FolderPath.joined(item.root, item.path)
            guard let bytes = try? WholeFile.read(path, limit: limits.bytes) else { continue }
            // The file may have changed since the scan: a thumbnail must show what its name says.
            if bytes.withUnsafeBytes({ hasher.hash($0) }) == content.hash { return bytes }
        }
        return nil
    }
}
