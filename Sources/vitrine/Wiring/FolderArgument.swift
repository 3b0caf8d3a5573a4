import Foundation

/// Folders as people name them on a command line.
enum FolderArgument {
    /// The path made absolute: `~` is the home folder, a relative path counts from the working directory.
    static func absolute(_ path: String) -> String {
        let expanded = (path as NSString).expandingTildeInPath
        return URL(fileURLWithPath: expanded).standardizedFileURL.path
    }
}
