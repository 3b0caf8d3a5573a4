#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Rules for paths as text: `/` separates, nothing is looked up on the disk unless said.
package enum FolderPath {
    /// `name` below `folder`.
    static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
    }

    /// What is left of `path` below `folder`: empty when they are equal, `nil` when it lies elsewhere.
    package static func relative(_ path: String, to folder: String) -> String? {
        // By bytes: paths that are equal as Swift texts may name two folders.
        if path.utf8.elementsEqual(folder.utf8) { return "" }
        let prefix = folder.utf8.last == UInt8(ascii: "/") ? folder : folder + "/"
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        return String(decoding: path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// The folder part of a path below a root; `nil` for the root itself.
    static func parent(_ path: String) -> String? {
        guard !path.isEmpty else { return nil }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(path[..<slash])
    }

    /// The names of a path, in order; doubled and trailing slashes count as one or none.
    ///
    /// By bytes: a slash with a combining mark behind it is one character, and still separates.
    static func parts(_ path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// The last name of a path, without the slashes behind it; empty for `/`.
    static func name(of path: String) -> String { parts(path).last ?? "" }

    /// The folder in which an absolute path lies; `/` for `/`.
    static func folder(of path: String) -> String { "/" + parts(path).dropLast().joined(separator: "/") }

    /// Whether two paths are the same bytes; equal texts may be two names.
    static func areSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    /// An absolute path without `.`, `..`, doubled and trailing slashes; links are not looked at.
    ///
    /// `nil` for a relative path and one with a zero byte. What goes up from `/` stays there.
    package static func normalized(_ path: String) -> String? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return nil }
        var parts: [String] = []
        for part in Self.parts(path) where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// The path with all links, `.` and `..` resolved on the disk.
    ///
    /// Throws ``LibraryRootError`` for a relative path and for one that does not exist or cannot be resolved.
    package static func resolved(_ path: String) throws(LibraryRootError) -> String {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { throw .notAbsolute(path) }
        guard let real = realpath(path, nil) else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .missing(path) : .unreadable(path, reason: SystemError.text(errno))
        }
        defer { free(real) }
        guard let text = String(validatingCString: real) else { throw .notText(path) }
        return text
    }

    /// The resolved path of a folder that exists; throws ``LibraryRootError`` otherwise.
    static func resolvedFolder(_ path: String) throws(LibraryRootError) -> String {
        let real = try resolved(path)
        var status = stat()
        guard stat(real, &status) == 0 else { throw .unreadable(path, reason: SystemError.text(errno)) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notFolder(path) }
        return real
    }
}
