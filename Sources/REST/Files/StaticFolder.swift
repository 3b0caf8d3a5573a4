#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A folder whose files anyone may have.
///
/// No path leads out of it, neither by dots nor by symbolic links, and none to a hidden file.
struct StaticFolder: Sendable {
    let path: String

    /// The file at a path of a URL, percent-encoded; `index.html` for a folder.
    ///
    /// `nil` when there is none that may be had.
    func file(for path: String) -> ServedFile? {
        guard let decoded = PercentEncoding.decode(path), !decoded.utf8.contains(0) else { return nil }
        var parts = decoded.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.allSatisfy({ !$0.hasPrefix(".") && !$0.contains("\\") }) else { return nil }
        if decoded.hasSuffix("/") || parts.isEmpty { parts.append("index.html") }
        guard let root = Self.resolved(self.path),
            let path = Self.resolved("\(self.path)/\(parts.joined(separator: "/"))"),
            path.hasPrefix(root.hasSuffix("/") ? root : root + "/")
        else { return nil }
        return ServedFile(path: path)
    }

    /// The path without symbolic links and dots; `nil` when nothing is there.
    private static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }
}
