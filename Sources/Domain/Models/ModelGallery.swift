/// The gallery of models: what is known of them, their sample pictures, and those that wait to be taken in
/// (contracts/gallery.md).
///
/// Its calls may wait for the disk; they do so on threads of their own.
package final class ModelGallery: Sendable {
    package let library: Library
    package let data: DataDirectory
    package let threads: BlockingThreads
    /// Where pictures are made smaller, which fills a core for a second: few at a time, and nobody else waits for it.
    let painters = BlockingThreads(count: 2)
    /// Which folders hold models of which type.
    package let folders: ModelFolders

    package init(
        library: Library,
        data: DataDirectory,
        folders: ModelFolders,
        threads: BlockingThreads = BlockingThreads(count: 4)
    ) {
        self.library = library
        self.data = data
        self.folders = folders
        self.threads = threads
    }
}
