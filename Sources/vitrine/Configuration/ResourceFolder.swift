import Foundation

/// Finds the folders that come with the program: the dashboard and the seeds.
enum ResourceFolder {
    /// Looks for `name` in the working folder, then beside the executable and in each folder above it.
    ///
    /// Returns the first that is a folder, or `nil`.
    static func find(_ name: String, workingFolder: String, executable: String?) -> String? {
        var candidates = [URL(fileURLWithPath: workingFolder, isDirectory: true)]
        if let executable {
            var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
            while folder.path != "/", folder.pathComponents.count > 1 {
                candidates.append(folder)
                folder.deleteLastPathComponent()
            }
        }
        return candidates.lazy.map { $0.appendingPathComponent(name).path }.first { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
        }
    }

    /// Looks for `name` from this process's working folder and executable.
    static func find(_ name: String) -> String? {
        find(
            name,
            workingFolder: FileManager.default.currentDirectoryPath,
            executable: Bundle.main.executablePath
        )
    }
}
