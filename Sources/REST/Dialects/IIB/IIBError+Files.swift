import Domain
import HTTPTypes

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the dialect does with files, for the words of its errors.
enum IIBFileVerb {
    case copy(to: String)
    case move(to: String)
    case delete

    /// What stands before the cause: `Error copying file /a to /b`.
    fileprivate func prefix(_ path: String) -> String {
        switch self {
        case .copy(let folder): "Error copying file \(path) to \(folder)"
        case .move(let folder): "Error moving file \(path) to \(folder)"
        case .delete: "Error deleting file \(path)"
        }
    }
}

extension FileFailure {
    /// The failure as one line: `Error copying file <path> to <folder>: <cause>` (contracts/iib.md §1).
    func text(_ verb: IIBFileVerb) -> String {
        let prefix = verb.prefix(path)
        // Where Python's shutil speaks of it and not the system.
        if case .move = verb, case .exists(let target) = error {
            return "\(prefix): Destination path '\(target)' already exists"
        }
        return "\(prefix): \(error.pythonText)"
    }
}

extension FileError {
    /// The cause in the words of Python.
    var pythonText: String {
        switch self {
        case .system(let error): PythonOSError.text(error)
        case .missing(let path), .missingFolder(let path):
            PythonOSError.text(SystemError(code: ENOENT, action: path))
        case .exists(let path): PythonOSError.text(SystemError(code: EEXIST, action: path))
        case .folderNotEmpty(let path): PythonOSError.text(SystemError(code: ENOTEMPTY, action: path))
        case .notFile(let path): PythonOSError.text(SystemError(code: EISDIR, action: path))
        case .notFolder(let path): PythonOSError.text(SystemError(code: ENOTDIR, action: path))
        case .badName(let name): PythonOSError.text(SystemError(code: EINVAL, action: name))
        case .forbidden(let path): PythonOSError.text(SystemError(code: EACCES, action: path))
        case .stuck(let path): PythonOSError.text(SystemError(code: EIO, action: path))
        case .intoItself(let path, let folder): "Cannot move a directory '\(path)' into itself '\(folder)'."
        case .tooMuch(let files, let bytes):
            "\(files) files of \(IIBSize.text(bytes)) are more than may be packed at once"
        }
    }
}

extension IIBError {
    /// What to say of an error of files, where the endpoint has no words of its own for it.
    init(_ error: FileError, in language: IIBConfiguration.Language) {
        switch error {
        case .forbidden: self = .forbidden
        case .missing: self = .notFound
        case .folderNotEmpty: self.init(.badRequest, text: language.folderNotEmpty)
        case .missingFolder(let path): self.init(.badRequest, text: "Destination folder \(path) does not exist.")
        case .notFile: self.init(.badRequest, text: language.notFile)
        case .notFolder(let path): self.init(.badRequest, text: "Not a folder: \(path)")
        case .tooMuch: self.init(.contentTooLarge, text: error.pythonText)
        case .system, .exists, .badName, .stuck, .intoItself: self.init(.badRequest, text: error.pythonText)
        }
    }

    /// What to say when one path of many failed.
    init(_ failure: FileFailure, _ verb: IIBFileVerb, in language: IIBConfiguration.Language) {
        switch failure.error {
        case .forbidden: self = .forbidden
        case .folderNotEmpty: self.init(.badRequest, text: language.folderNotEmpty)
        default: self.init(.badRequest, text: failure.text(verb))
        }
    }
}
