extension ModelGallery {
    /// The pictures that wait with records, for those who are on a thread that may block.
    var pendingPictures: PendingPictures { PendingPictures(folder: data[.pending]) }

    /// Where a picture that waits lies, by its name with or without the suffix; `nil` when there is none.
    package func pendingPicture(named name: String) async throws -> String? {
        try await threads.run { [pendingPictures] in pendingPictures.path(named: name) }
    }

    /// Where the first picture of a record lies; `nil` when it has none, and when there is no such record.
    package func pendingPicture(of id: Int) async throws -> String? {
        try await threads.run { [pendingPictures, store = library.store] in
            try store.pendingPictures(of: id).first.flatMap(pendingPictures.path)
        }
    }

    /// Prepares the first of the pictures that wait with a record as a sample; `nil` when it is missing.
    ///
    /// Blocks for up to seconds. It becomes a sample with ``Store/placeSample(_:_:)``, best in the transaction that
    /// makes the record a model; after that call ``ModelSamples/settle(_:)``, and ``ModelSamples/discard(_:)`` when it
    /// came to nothing. The waiting picture stays until ``PendingPictures/remove(_:)``. Throws `badPicture`.
    func prepareSample(fromPending names: [String], for hash: ContentHash) throws -> ModelSamples.Arriving? {
        try pendingPictures.read(firstOf: names).map { try samples.prepare($0, for: hash) }
    }

    /// Finishes or undoes what the last process left half done with pictures; once, at start, before the first scan.
    ///
    /// Throws GRDB's `DatabaseError`.
    package func recoverPictures() throws {
        try samples.recover()
        pendingPictures.removeAll(but: try library.store.pendingPictures())
    }
}
