/// Files that were closed after they had been open for writing, and that nobody has asked for yet.
struct WrittenFiles: Sendable {
    /// How many are kept; what comes after these is known by size and time alone.
    static let limit = 8_192

    private var paths: Set<ByteText> = []

    /// A file was closed.
    mutating func insert(_ path: String) {
        if paths.count < Self.limit { paths.insert(ByteText(path)) }
    }

    /// Hands over the paths.
    mutating func take() -> Set<ByteText> {
        defer { paths = [] }
        return paths
    }
}
