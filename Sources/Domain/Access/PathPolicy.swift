#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which paths of this machine a client may name (contracts/iib.md, Access control).
///
/// Every path is judged by where it really lies, all symbolic links resolved; of a path that does not exist yet, the
/// part that does is resolved.
package struct PathPolicy: Hashable, Sendable {
    /// Resolved folders that may be read; `nil` lets everything be read.
    private let readable: [String]?
    /// Resolved folders in which something may be changed: those of the library.
    private let writable: [String]

    /// A policy; folders that do not exist are dropped.
    ///
    /// `readable` is `nil` without access control. `library` are the library's folders, the only ones in which anything
    /// may be changed, and with access control only where they lie inside readable ones.
    package init(readable: [String]?, library: [String]) {
        self.readable = readable.map { $0.compactMap { try? FolderPath.resolved($0) } }
        writable = library.compactMap { try? FolderPath.resolved($0) }
    }

    /// Whether both are of the same folders, byte by byte.
    package static func == (left: PathPolicy, right: PathPolicy) -> Bool {
        func areSame(_ left: [String], _ right: [String]) -> Bool {
            left.count == right.count && zip(left, right).allSatisfy { FolderPath.areSame($0, $1) }
        }
        guard areSame(left.writable, right.writable) else { return false }
        guard let one = left.readable, let other = right.readable else { return left.readable == right.readable }
        return areSame(one, other)
    }

    /// Whether what lies here may be read: at or below a readable folder.
    package func mayRead(_ path: String) -> Bool {
        guard let readable else { return true }
        guard let real = Self.resolved(path) else { return false }
        return readable.contains { FolderPath.relative(real, to: $0) != nil }
    }

    /// Whether a folder may be listed or an entry be shown: what may be read, and the folders on the way to it.
    package func mayShow(_ path: String) -> Bool {
        guard let readable else { return true }
        guard let real = Self.resolved(path) else { return false }
        return readable.contains {
            FolderPath.relative(real, to: $0) != nil || FolderPath.relative($0, to: real) != nil
        }
    }

    /// Whether something may be made, changed or removed here: strictly below a folder of the library that may be read.
    package func mayChange(_ path: String) -> Bool {
        guard let real = Self.resolved(path), mayRead(path) else { return false }
        return writable.contains { FolderPath.relative(real, to: $0).map { !$0.isEmpty } ?? false }
    }

    /// Whether what lies here is of the library: strictly below one of its folders.
    package func isInLibrary(_ path: String) -> Bool {
        guard let real = Self.resolved(path) else { return false }
        return writable.contains { FolderPath.relative(real, to: $0).map { !$0.isEmpty } ?? false }
    }

    /// Whether something may be put into this folder: a folder of the library or one below it, that may be read.
    package func mayFill(_ folder: String) -> Bool {
        guard let real = Self.resolved(folder), mayRead(folder) else { return false }
        return writable.contains { FolderPath.relative(real, to: $0) != nil }
    }

    /// Whether what lies here may be read, of a path that has no link in it.
    func mayRead(resolved real: String) -> Bool {
        readable?.contains { FolderPath.relative(real, to: $0) != nil } ?? true
    }

    /// Whether an entry may be shown, of a path that has no link in it.
    func mayShow(resolved real: String) -> Bool {
        readable?.contains {
            FolderPath.relative(real, to: $0) != nil || FolderPath.relative($0, to: real) != nil
        } ?? true
    }

    /// Whether something may be changed here, of a path whose folder has no link in it; the last name may be a link,
    /// which is changed itself.
    func mayChange(resolved real: String) -> Bool {
        mayRead(resolved: real) && writable.contains { FolderPath.relative(real, to: $0).map { !$0.isEmpty } ?? false }
    }

    /// Whether this is a folder of the library or lies in one, of a path that has no link in it.
    func isInLibrary(resolved real: String) -> Bool { writable.contains { FolderPath.relative(real, to: $0) != nil } }

    /// The resolved folders that may be read; `nil` when all may.
    package var scope: [String]? { readable }

    /// Where a path really lies: its links resolved as far as it exists, the rest appended.
    ///
    /// `nil` for a relative path, one with a zero byte, and one that goes up (`..`) through what does not exist.
    package static func resolved(_ path: String) -> String? { resolved(path) { _ in } }

    /// How often a path is looked at again that came to be between two looks.
    private static let looks = 8

    /// As ``resolved(_:)``; tests change the disk in `meanwhile`, when a path could not be resolved.
    static func resolved(_ path: String, meanwhile: (String) -> Void) -> String? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return nil }
        var existing = path
        var rest: [String] = []
        var looks = Self.looks
        while true {
            if let real = try? FolderPath.resolved(existing) {
                return rest.reversed().reduce(real) { FolderPath.joined($0, $1) }
            }
            let parts = FolderPath.parts(existing)
            guard let last = parts.last, last != "..", last != "." else { return nil }
            meanwhile(existing)
            var status = stat()
            if lstat(existing, &status) == 0 {
                // Another call made it just now; or it is a link that leads nowhere, or round in circles, and no place.
                looks -= 1
                guard looks > 0 else { return nil }
                continue
            }
            rest.append(last)
            existing = "/" + parts.dropLast().joined(separator: "/")
        }
    }
}
