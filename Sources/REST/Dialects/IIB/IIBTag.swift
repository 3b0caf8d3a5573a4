import Domain

extension JSONWriter {
    /// Writes `{name, score, type, count, id, color, display_name}` (contracts/iib.md §5).
    mutating func value(_ tag: MediaTag) {
        object {
            $0.field("name", tag.name)
            $0.field("score", 0)
            $0.field("type", tag.type)
            $0.field("count", tag.count)
            $0.field("id", tag.id)
            $0.field("color", tag.color)
            $0.name("display_name")
            if let name = tag.displayName { $0.value(name) } else { $0.null() }
        }
    }

    /// Writes an array of tags.
    mutating func value(_ tags: [MediaTag]) {
        array { for tag in tags { $0.value(tag) } }
    }
}
