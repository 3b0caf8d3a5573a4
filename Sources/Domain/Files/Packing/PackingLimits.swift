/// How much may be packed into one archive.
package struct PackingLimits: Hashable, Sendable {
    package var files: Int
    /// The sum of the files' sizes.
    package var bytes: Int

    /// By default 10,000 files and 64 GiB.
    package init(files: Int = 10_000, bytes: Int = 64 << 30) {
        self.files = files
        self.bytes = bytes
    }
}
