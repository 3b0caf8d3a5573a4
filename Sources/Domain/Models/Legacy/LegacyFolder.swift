/// The folder below which the databases and pictures lie that clients may have migrated.
///
/// Links are resolved before a path is judged, so none leads out of it.
struct LegacyFolder: Sendable {
    /// Absolute and resolved.
    private let path: String

    /// The folder at a path; throws ``LegacyMigrationError/off`` when it is not configured, or not there.
    init(_ path: String?) throws(LegacyMigrationError) {
        guard let path, let resolved = try? FolderPath.resolvedFolder(path) else { throw .off }
        self.path = resolved
    }

    /// The resolved path of a file; `given` is absolute, or counts from the folder.
    ///
    /// Throws ``LegacyMigrationError``: `outside`, also for what does not exist elsewhere, and `missing`.
    func file(_ given: String) throws(LegacyMigrationError) -> String {
        let resolved = try inside(given)
        guard (try? DiskFileSystem().node(resolved))?.kind == .file else { throw .missing(given) }
        return resolved
    }

    /// The resolved path of a folder, which may be this one; as ``file(_:)``.
    func folder(_ given: String) throws(LegacyMigrationError) -> String {
        let resolved = try inside(given)
        guard (try? DiskFileSystem().node(resolved))?.kind == .folder else { throw .missing(given) }
        return resolved
    }

    private func inside(_ given: String) throws(LegacyMigrationError) -> String {
        guard let absolute = FolderPath.normalized(given.utf8.first == UInt8(ascii: "/") ? given : "\(path)/\(given)")
        else { throw .outside(given) }
        // Whoever asks about other places learns nothing of them.
        guard let resolved = PathPolicy.resolved(absolute), FolderPath.relative(resolved, to: path) != nil else {
            throw .outside(given)
        }
        return resolved
    }
}
