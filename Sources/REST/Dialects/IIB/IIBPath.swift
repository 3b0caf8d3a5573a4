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
