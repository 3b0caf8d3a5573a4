#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder in which results too large for one message wait for the word that their tasks are done.
///
/// What lies there at start belongs to leases that the last server gave, so it goes.
package struct ResultFolder: Sendable {
    private let path: String

    /// Opens a folder, making it where it is missing, and empties it; throws ``SystemError``.
    package init(path: String) throws(SystemError) {
        self.path = path
        try WholeFile.makeFolder(path)
        guard let folder = opendir(path) else { throw SystemError(code: errno, action: path) }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".json") || name.hasSuffix(".part") { unlink(FolderPath.joined(path, name)) }
        }
    }

    /// A path for a result that nobody uses yet.
    func makePath() -> String { FolderPath.joined(path, Identifier.make() + ".json") }

    /// Removes a result that is not wanted any more.
    func remove(_ result: UploadedResult) { unlink(result.path) }
}
