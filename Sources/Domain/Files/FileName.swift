/// Rules for the names of files.
enum FileName {
    /// The longest name that file systems take, in bytes.
    static let limit = 255

    /// Whether a file can be called so: one name, not `.` or `..`, without a zero byte, of 1 to 255 bytes.
    static func isValid(_ name: String) -> Bool {
        (1...limit).contains(name.utf8.count) && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
            && name != "." && name != ".."
    }

    /// Where the suffix of a path begins, with its dot; the end for a name without one.
    ///
    /// Dots at the beginning of a name begin no suffix.
    static func suffix(of path: String) -> String.Index {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
        let name = path.utf8[start...]
        let rest = name.drop { $0 == UInt8(ascii: ".") }
        return rest.lastIndex(of: UInt8(ascii: ".")) ?? path.endIndex
    }

    /// The path with a number before the suffix: `a (2).png`.
    static func numbered(_ path: String, _ number: Int) -> String {
        let suffix = suffix(of: path)
        return path[..<suffix] + " (\(number))" + path[suffix...]
    }
}
