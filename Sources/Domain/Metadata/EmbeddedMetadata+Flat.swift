extension EmbeddedMetadata {
    /// Everything as one flat list of names and texts, without repeats: what `GET /image_exif` answers.
    ///
    /// First EXIF's fields under their decimal numbers, those of IFD0 and the Exif IFD beside each other and those of
    /// the GPS IFD as one text under 34853; then the container's texts and facts, without names that begin with `exif`.
    /// Of texts with one name the last counts. Nothing for a video or sound (contracts/iib.md §3).
    package var flat: [TextEntry] {
        guard MediaKind(type) == .image else { return [] }
        var result: [TextEntry] = []
        var places: [String: Int] = [:]
        func add(_ key: String, _ text: String) {
            if let place = places[key] {
                result[place].text = text
            } else {
                places[key] = result.count
                result.append(TextEntry(key: key, text: text))
            }
        }
        for field in exif where field.directory != .gps { add("\(field.tag)", field.value.pythonText) }
        let position = exif.filter { $0.directory == .gps }.map { "\($0.tag): \($0.value.pythonLiteral)" }
        if !position.isEmpty { add("34853", "{" + position.joined(separator: ", ") + "}") }
        for entry in texts where !entry.key.hasPrefix("exif") {
            // Comments of a JPEG or GIF are bytes to those who ask.
            let isBytes = entry.key == "comment" && (type == .jpeg || type == .gif)
            add(entry.key, isBytes ? PythonLiteral.bytes(entry.text.utf8) : entry.text)
        }
        for fact in facts { add(fact.key, fact.text) }
        if let xmp {
            if type == .png {
                add("XML:com.adobe.xmp", xmp)
            } else {
                add("xmp", PythonLiteral.bytes(xmp.utf8))
            }
        }
        return result
    }
}
