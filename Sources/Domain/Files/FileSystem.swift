/// The calls by which files are changed; tests put others in their place, which fail or stop half-way.
///
/// Paths are absolute and resolved: a link above the last name fails, because someone put it there since the path was
/// judged. Nothing that is there is ever replaced. What fails throws ``SystemError`` with the path it is about.
protocol FileSystem: Sendable {
    /// What lies at a path, links not followed; `nil` when nothing does.
    func node(_ path: String) throws(SystemError) -> FileNode?

    /// The names in a folder that are UTF-8, in no order, and whether there are no others.
    func entries(in folder: String) throws(SystemError) -> (names: [String], areAll: Bool)

    /// Gives a file or folder another path on its file system; throws `EEXIST` when something is there.
    func rename(_ from: String, to: String) throws(SystemError)

    /// Removes a file or a link.
    func removeFile(_ path: String) throws(SystemError)

    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(SystemError)

    /// Makes a folder; throws `EEXIST` when something is there.
    func makeFolder(_ path: String) throws(SystemError)

    /// Copies a regular file to a path where nothing is, with its times and permissions; it need not be on the disk
    /// before ``flushFile(_:)``. What was copied of it is there when this fails.
    func copyFile(_ from: String, to: String) throws(SystemError)

    /// Waits until a regular file that was written is on the disk; throws also when writing it failed meanwhile.
    func flushFile(_ path: String) throws(SystemError)

    /// Copies a link itself.
    func copyLink(_ from: String, to: String) throws(SystemError)

    /// Gives a folder the permissions and times of another.
    func copyAttributes(_ from: String, to: String) throws(SystemError)

    /// Waits until the names in a folder are on the disk.
    func flush(_ folder: String) throws(SystemError)
}
