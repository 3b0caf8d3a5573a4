import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Paths as clients of the dialect write them.
enum IIBPath {
    /// The folder that relative paths count from.
    static var workingFolder: String {
        guard let text = getcwd(nil, 0) else { return "/" }
        defer { free(text) }
        return String(cString: text)
    }

    /// The home folder of whoever runs the server.
    static var homeFolder: String { getenv("HOME").map { String(cString: $0) } ?? "/" }

    /// The folder that a path lies in.
    static func folder(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// The path with its beginning: a relative one counts from the working directory, an empty one is that.
    static func absolute(_ path: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        let folder = workingFolder
        return path.isEmpty ? folder : folder == "/" ? "/\(path)" : "\(folder)/\(path)"
    }

    /// The last part of a path.
    static func name(_ path: String) -> Substring {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[path.utf8.index(after: slash)...]
    }
}

/// What lies at a path.
enum PathEntry: Hashable, Sendable {
    case file
    case folder

    /// Looks; `nil` when nothing is there that may be read.
    init?(_ path: String) {
        if FileStatus(path: path) != nil {
            self = .file
        } else {
            guard access(path + "/", R_OK) == 0 else { return nil }
            self = .folder
        }
    }
}
