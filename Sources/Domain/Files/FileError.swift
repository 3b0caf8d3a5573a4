/// Why a file was not listed, changed or packed.
package enum FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path is none that this client may name so, or that anyone may change.
    case forbidden(String)
    /// The operating system refused; its `action` is the path that it is about.
    case system(SystemError)
    /// Nothing is there.
    case missing(String)
    /// Something is there already.
    case exists(String)
    /// The folder into which something is to be put does not exist.
    case missingFolder(String)
    /// A folder that is to be deleted holds something.
    case folderNotEmpty(String)
    /// A folder is to be put into itself.
    case intoItself(String, folder: String)
    /// This is no name for a file.
    case badName(String)
    /// What is to be packed is no regular file.
    case notFile(String)
    /// What is to be flattened is no folder.
    case notFolder(String)
    /// More than may be packed at once.
    case tooMuch(files: Int, bytes: Int)
    /// What was begun could not be undone; the next start tries again.
    case stuck(String)

    package var description: String {
        switch self {
        case .forbidden(let path): "\(path): this may not be used"
        case .system(let error): error.description
        case .missing(let path): "\(path): there is no such file or folder"
        case .exists(let path): "\(path): something of this name is there already"
        case .missingFolder(let path): "\(path): there is no such folder"
        case .folderNotEmpty(let path): "\(path): the folder is not empty"
        case .intoItself(let path, let folder): "\(path): a folder cannot be put into itself, \(folder)"
        case .badName(let name): "\(name): this is no name for a file"
        case .notFile(let path): "\(path): this is not a file"
        case .notFolder(let path): "\(path): this is not a folder"
        case .tooMuch(let files, let bytes): "\(files) files of \(bytes) bytes are more than may be packed at once"
        case .stuck(let path): "\(path): what was begun could neither be finished nor undone"
        }
    }
}
