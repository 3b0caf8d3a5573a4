extension MediaIndex {
    /// The extra paths in the order in which they were added; those whose folder is gone are dropped for good.
    package func extraPaths() async throws -> [ExtraPath] { throw MediaIndexError.unavailable }

    /// Adds types to an extra path, which is made when missing; an existing folder becomes part of the library.
    package func addExtraPath(_ path: String, types: [String]) async throws { throw MediaIndexError.unavailable }

    /// Takes types from an extra path; without any left it goes, and with it all files below it that no other folder
    /// of the library covers.
    package func removeExtraPath(_ path: String, types: [String]) async throws { throw MediaIndexError.unavailable }

    /// Names an extra path. Throws ``MediaIndexError/noExtraPath(_:)``.
    package func setAlias(_ alias: String, ofExtraPath path: String) async throws -> ExtraPath {
        throw MediaIndexError.unavailable
    }
}
