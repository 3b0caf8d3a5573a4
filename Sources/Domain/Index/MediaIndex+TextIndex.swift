extension MediaIndex {
    /// Says that files came or have other names or texts: the text index takes them in, behind everything else.
    package func textsChanged() { textIndexer.wake() }

    /// Ends the work on the text index, for good; what is left is taken up at the next start.
    package func stopTexts() { textIndexer.stop() }

    /// Takes some of what waits into the text index; answers whether more may be waiting.
    ///
    /// Blocks.
    package func indexTexts(limit: Int = 256) throws -> Bool {
        try library.store.indexTexts(limit: limit, time: .seconds(1)) > 0
    }
}
