extension MediaIndex {
    /// How many files the index lists.
    package func count() async throws -> Int { throw MediaIndexError.unavailable }

    /// Takes in what changed on the disk, and returns when searches find it; hashes and previews follow by themselves.
    ///
    /// Runs as a task `scan`, unless nothing changed. Throws the failure of that task.
    package func update() async throws { throw MediaIndexError.unavailable }

    /// Reads all files again and drops automatic tags that none has any more; readers see no gap. Ids, custom tags and
    /// people's texts stay.
    package func rebuild() async throws { throw MediaIndexError.unavailable }

    /// Folders in which something may have changed since they were read.
    package func expiredFolders() async throws -> [String] { throw MediaIndexError.unavailable }

    /// Makes sure that the index knows the files at these paths, taking in at once those it does not.
    ///
    /// Throws ``MediaIndexError``: `noFile`, `outsideLibrary`.
    package func ensureIndexed(_ paths: [String]) async throws { throw MediaIndexError.unavailable }

    /// Says that something was changed in these folders, so that the index looks at them soon.
    package func noteChanges(in folders: [String]) {}
}
