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
    let renderer: PictureRenderer

    /// Makes the thumbnail and puts it in its place; one that lies there already is taken as made, unless `again`.
    ///
    /// It is on the disk for good after the next ``flush()``; throws the store's errors and ``SystemError`` when the thumbnail cannot be written.
    func make(
        _ content: LibraryContent,
        again: Bool,
        stop: StopFlag = StopFlag()
    ) throws -> ThumbnailResult.Outcome {
        let path = data.thumbnail(content.hash)
        if !again, let present = try? WholeFile.read(path, limit: 1 << 20), Thumbnail.isThumbnail(present) {
            return .made
        }
        guard let type = MediaType(rawValue: content.mime), renderer.canRender(type) else {
            return .unsupported(PictureError.unsupported(content.mime).description)
        }
        do {
            guard let thumbnail = try thumbnail(content, type, stop) else { return .missing }
            if let folder = FolderPath.parent(path) { try WholeFile.makeFolder(folder) }
            try WholeFile.write(thumbnail, to: path, durably: false)
            return .made
        } catch let error as PictureError {
            // With ffmpeg there is nothing else to wait for.
            if case .unsupported = error, renderer.ffmpeg == nil { return .unsupported(error.description) }
            return .failed(error.description)
        }
    }

    /// The thumbnail's bytes; `nil` when no file of the content can be read, or the work is to end.
    private func thumbnail(_ content: LibraryContent, _ type: MediaType, _ stop: StopFlag) throws -> [UInt8]? {
        if type.isDecodable {
            guard content.size <= renderer.limits.bytes else {
                throw PictureError.tooLarge("\(content.size) bytes")
            }
            guard let bytes = try read(content) else { return nil }
            do throws(PictureError) {
                return try Thumbnail.make(bytes, limits: renderer.limits)
            } catch {
                guard case .unsupported = error, renderer.ffmpeg != nil else { throw error }
            }
        }
        // Too large to be hashed again: its size and time tell that it is the same.
        let files = try store.files(holding: content.hash, limit: Self.filesLimit)
        guard let file = files.first(where: { FileStatus(path: $0.path) == $0.status }),
            let path = try? FolderPath.resolved(file.path)
        else { return nil }
        do {
            let size = ThumbnailSize(square: Thumbnail.side)
            return try renderer.thumbnail(of: path, size: size, urgency: .background, stop: stop)
        } catch is WholeFile.ReadFailure {
            return nil
        } catch {
            if stop.isSet { return nil }
            throw error
        }
    }

    /// Waits until the thumbnails made so far would outlive a power cut: before a row says that they are there.
    func flush() throws { try WholeFile.flush(data[.thumbnails]) }

    /// The bytes of a content, from the first of its files that still has them.
    private func read(_ content: LibraryContent) throws -> [UInt8]? {
        guard let hasher = ContentHasher() else { throw SystemError(code: ENOMEM, action: "libcrypto") }
        for item in try store.items(holding: content.hash, limit: Self.filesLimit) {
            let path = FolderPath.joined(item.root, item.path)
            guard let bytes = try? WholeFile.read(path, limit: renderer.limits.bytes) else { continue }
            // The file may have changed since the scan: a thumbnail must show what its name says.
            if bytes.withUnsafeBytes({ hasher.hash($0) }) == content.hash { return bytes }
        }
        return nil
    }
}
