/// Which paths are the dialect's; it has no base of its own and shares `/api/` with the native API and others.
enum GalleryPaths {
    private static let alone: Set<Substring> = ["hello", "tags", "tags_add", "scan"]
    private static let folders: Set<Substring> = ["models", "images", "migration"]

    /// Whether errors of this path have the dialect's form.
    static func owns(_ path: String) -> Bool {
        guard path.hasPrefix("/api/") else { return false }
        let parts = path.dropFirst("/api/".count).split(separator: "/", maxSplits: 1)
        guard let first = parts.first else { return false }
        return folders.contains(first) || parts.count == 1 && alone.contains(first)
    }
}
