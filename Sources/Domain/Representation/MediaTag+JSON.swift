extension MediaTag {
    /// The tag as the native API and its events tell it: `{id, name, type, count, color}`.
    package var json: JSON {
        [
            "id": .int(Int64(id)),
            "name": .string(name),
            "type": .string(type),
            "count": .int(Int64(count)),
            "color": .string(color),
        ]
    }
}
