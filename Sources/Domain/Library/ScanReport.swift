/// What a scan did.
package struct ScanReport: Hashable, Sendable {
    /// Files of the library that the scan saw: unchanged, added and changed ones.
    package var files = 0
    package var added = 0
    /// Same path, other content.
    package var changed = 0
    package var removed = 0
    /// Known files at another path.
    package var moved = 0
    /// Files that are no picture, video, sound or model, whatever their names say.
    package var ignored = 0
    /// Pictures whose header is broken.
    package var corrupt = 0
    /// Files and folders that could not be read, names that are not UTF-8, links, files being written.
    package var skipped = 0
    /// Bytes that were read and hashed.
    package var hashed = 0

    /// The report as the result of a task.
    package var json: JSON {
        [
            "files": .int(Int64(files)), "added": .int(Int64(added)), "changed": .int(Int64(changed)),
            "removed": .int(Int64(removed)), "moved": .int(Int64(moved)), "ignored": .int(Int64(ignored)),
            "corrupt": .int(Int64(corrupt)), "skipped": .int(Int64(skipped)), "hashed": .int(Int64(hashed)),
        ]
    }
}
