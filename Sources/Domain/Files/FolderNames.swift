import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The names in an open folder, in its order, handed out in runs to whichever thread asks next.
///
/// `.` and `..` are left out, and so are names that are not UTF-8.
final class FolderNames: Sendable {
    /// One entry's name.
    struct Name: Sendable {
        var text: String
        /// Whether it is a link, or may be one.
        var mayLeadAway: Bool
    }

    /// Names that follow each other.
    struct Run: Sendable {
        /// Which run it is, from 0.
        var number: Int
        var names: [Name]
        var isLast: Bool
    }

    /// How many names a run has, unless it is the last.
    private static let length = 256

    private struct State {
        var runs = 0
        var hasEnded = false
        var error: SystemError?
    }

    private let folder: String
    /// Read only while ``state`` is locked.
    private nonisolated(unsafe) let stream: OpaquePointer
    private let state = Mutex(State())

    /// The names in `stream`, which must stay open as long as names are asked for; errors name `folder`.
    init(_ stream: OpaquePointer, of folder: String) {
        self.stream = stream
        self.folder = folder
    }

    /// The next run; `nil` when there is none.
    func next() -> Run? {
        state.withLock { state in
            guard !state.hasEnded else { return nil }
            var names: [Name] = []
            names.reserveCapacity(Self.length)
            while names.count < Self.length {
                errno = 0
                guard let entry = readdir(stream) else {
                    if errno != 0 { state.error = SystemError(code: errno, action: folder) }
                    state.hasEnded = true
                    break
                }
                if let name = Self.name(entry) { names.append(name) }
            }
            state.runs += 1
            return Run(number: state.runs - 1, names: names, isLast: state.hasEnded)
        }
    }

    /// Throws ``FileError/system(_:)`` when reading the folder has failed.
    func check() throws(FileError) {
        if let error = state.withLock({ $0.error }) { throw .system(error) }
    }

    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> Name? {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return nil }
        let raw = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
        guard let text = String(validatingCString: raw), text != ".", text != ".." else { return nil }
        let type = Int32(entry.pointee.d_type)
        return Name(text: text, mayLeadAway: type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN))
    }
}
