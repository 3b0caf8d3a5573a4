extension MediaIndex {
    /// The extra paths in the order in which they were added; those whose folder is gone are dropped for good.
    ///
    /// What the library knows of a folder that is gone stays, for a disk may only be away for a while; a root that holds
    /// nothing goes. A folder that has come since it was added becomes part of the library.
    package func extraPaths() async throws -> [ExtraPath] {
        try await threads.run { [library] in try library.extraPaths() }
    }

    /// Adds types to an extra path, which is made when missing; an existing folder becomes part of the library.
    ///
    /// Without types nothing happens. Throws ``MediaIndexError/outsideLibrary(_:)`` for a path that is not absolute.
    package func addExtraPath(_ path: String, types: [String]) async throws {
        guard let normalized = FolderPath.normalized(path) else { throw MediaIndexError.outsideLibrary(path) }
        guard !types.isEmpty else { return }
        try await threads.run { [library] in
            try library.store.addExtraPath(normalized, types: types)
            _ = try library.adoptExtraPath(normalized, knownAt: nil)
        }
    }

    /// Takes types from an extra path; without any left it goes, and with it all files below it that no other folder
    /// of the library covers.
    ///
    /// Returns when they are gone. Nothing happens when there is no such path, or when it has other types only.
    package func removeExtraPath(_ path: String, types: [String]) async throws {
        guard let normalized = FolderPath.normalized(path) else { return }
        try await threads.run { [library] in try library.removeExtraPath(normalized, types: types) }
    }

    /// Names an extra path and answers it; throws ``MediaIndexError/noExtraPath(_:)``.
    package func setAlias(_ alias: String, ofExtraPath path: String) async throws -> ExtraPath {
        guard let normalized = FolderPath.normalized(path) else { throw MediaIndexError.noExtraPath(path) }
        return try await threads.run { [library] in
            guard let entry = try library.store.setAlias(alias, ofExtraPath: normalized) else {
                throw MediaIndexError.noExtraPath(path)
            }
            return entry
        }
    }
}
