/// The index of the library's pictures, videos and sounds: what they say of themselves, what people say of them, and
/// how they are found.
///
/// Its calls may wait for the disk; they do so on threads of their own, never on those that everyone's tasks share.
package final class MediaIndex: Sendable {
    package let library: Library
    /// Threads on which reading and writing the store may block.
    package let threads: BlockingThreads
    let searcher: MediaSearcher
    let presence = MediaPresence()
    let textIndexer: TextIndexer

    /// An index over a library.
    package init(library: Library, threads: BlockingThreads = BlockingThreads(count: 8)) {
        self.library = library
        self.threads = threads
        searcher = MediaSearcher(store: library.store)
        textIndexer = TextIndexer(store: library.store)
    }
}
