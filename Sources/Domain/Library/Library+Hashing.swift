extension Library {
    /// How many files, and how many bytes on the whole, a pass hashes before it ends.
    private static let returning = (files: 1000, bytes: 256 << 20)

    /// Hashes files here and now; those that changed, or cannot be read, are left for the next scan.
    func hash(_ files: [UnhashedFile], stop: StopFlag = StopFlag()) throws {
        guard !files.isEmpty, let hasher = FileHasher(stop: stop) else { return }
        let hashed = files.compactMap { file -> HashedFile? in
            let outcome = hasher.hash(file.path, size: file.size, modified: file.modified, counted: { _ in })
            guard case .hashed(let type, let hash, let width, let height) = outcome else { return nil }
            return HashedFile(file: file, type: type, hash: hash, width: width, height: height)
        }
        _ = try commit { try store.setContents(of: hashed, at: clock.now) }
        flushCounts()
    }

    /// Hashes new files that may be ones of which people said something before they went, so that it is back at once.
    ///
    /// They have the size of a content with which something waits.
    func hashReturning(stop: StopFlag) throws {
        var left = Self.returning.bytes
        let files = try store.returningFiles(limit: Self.returning.files).prefix { file in
            left -= file.size
            return left >= 0
        }
        try hash(Array(files), stop: stop)
    }
}
