/// The thumbnails that the library keeps of its contents, for whoever wants a small picture of one of its files.
///
/// They are made once: by the task that makes them all, or by the first who asks.
package struct LibraryPreviews: Sendable {
    private let store: Store
    private let data: DataDirectory
    private let maker: ThumbnailMaker

    /// The thumbnails of the library in `store`, which lie in `data`.
    package init(store: Store, data: DataDirectory, renderer: PictureRenderer) {
        self.store = store
        self.data = data
        maker = ThumbnailMaker(store: store, data: data, renderer: renderer)
    }

    /// Whether they are of this size.
    func have(_ size: ThumbnailSize) -> Bool { size == ThumbnailSize(square: Thumbnail.side) }

    /// The content of the file at a path whose links were resolved; `nil` unless the library knows it as it is now.
    ///
    /// What was found to have no thumbnail is none either: whoever asks hears why by trying.
    func content(of path: String, _ status: FileStatus) -> LibraryContent? {
        guard let content = try? store.content(ofFile: path, status),
            content.thumbnail == .made || content.thumbnail == .wanted
        else { return nil }
        return content
    }

    /// The thumbnail of a content, which was made before; `nil` when it is not there.
    func present(_ content: LibraryContent) -> [UInt8]? {
        guard let bytes = try? WholeFile.read(data.thumbnail(content.hash), limit: 1 << 20),
            Thumbnail.isThumbnail(bytes)
        else { return nil }
        return bytes
    }

    /// The thumbnail of a content, made, which blocks, when it is not there, and `nil` when it cannot be.
    func made(_ content: LibraryContent) -> [UInt8]? {
        guard case .made? = try? maker.make(content, again: false) else { return nil }
        return present(content)
    }
}
