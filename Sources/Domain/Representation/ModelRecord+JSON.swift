extension ModelRecord {
    /// The name that is shown: that of the file when nobody gave one.
    package var shownName: String {
        if let name, !name.isEmpty { return name }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The model in events, as it stands in lists of models (contracts/gallery.md §3).
    package var json: JSON {
        [
            "sha256": .string(hash.hex),
            "name": .string(shownName),
            "type": type.map(JSON.string) ?? .null,
            "path": .string(path),
            "size_bytes": size.map { .int(Int64($0)) } ?? .null,
            "created_at": created.map { .int(Int64($0)) } ?? .null,
            "images_count": .int(Int64(samples)),
            "tags": .array(words.map { ["id": .int(Int64($0.id)), "name": .string($0.name)] }),
        ]
    }
}

extension ModelWord {
    /// The word in events, as `GET /api/tags` shows it.
    package var json: JSON {
        [
            "id": .int(Int64(id)),
            "name": .string(name),
            "count": .int(Int64(count)),
            "type": isSystem ? "system" : "user",
        ]
    }
}
