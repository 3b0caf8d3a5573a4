extension JSONWriter {
    /// Writes a file of the library in its native shape (contracts/realtime.md §5, **item**).
    package mutating func value(_ item: LibraryItem) {
        object {
            $0.field("id", item.id)
            $0.field("sha256", item.sha256)
            $0.field("name", item.name)
            $0.field("root", item.root)
            $0.field("path", item.path)
            $0.field("mime", item.mime)
            $0.field("size", item.size)
            $0.field("width", item.width)
            $0.field("height", item.height)
            $0.field("thumbnail", item.thumbnail)
            $0.field("added", item.added)
            if !item.tags.isEmpty { $0.field("tags", item.tags) }
        }
    }

    /// Writes `{id, sha256}`.
    package mutating func value(_ item: LibraryItem.Removed) {
        object {
            $0.field("id", item.id)
            $0.field("sha256", item.sha256)
        }
    }

    /// Writes `{contents, files, bytes}`.
    package mutating func field(_ name: String, _ counts: LibraryCounts) {
        field(
            name,
            object: {
                $0.field("contents", counts.contents)
                $0.field("files", counts.files)
                $0.field("bytes", counts.bytes)
            }
        )
    }
}
