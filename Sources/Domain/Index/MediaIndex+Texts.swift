extension MediaIndex {
    /// The generation text of the file at each path, in their order: as stored, or read from a file that is not indexed.
    ///
    /// A file without one has an empty text; one that is missing or cannot be read, too.
    package func texts(of paths: [String]) async throws -> [String] {
        let library = self.library
        return try await threads.run {
            var texts = try library.store.mediaTexts(try library.places(of: paths))
            let missing = Set(paths.map { ByteText($0) }).filter { texts[$0] == nil }
            if !missing.isEmpty {
                let intake = try FileIntake(library: library)
                for path in missing { texts[path] = intake.describe(path.text)?.text ?? "" }
            }
            return paths.map { texts[ByteText($0)] ?? "" }
        }
    }

    /// Replaces the text of a file by a person's, which survives every update.
    ///
    /// Answers whether there was one before. Throws ``MediaIndexError``: `noFile`, `outsideLibrary`.
    @discardableResult
    package func setText(_ text: String, of path: String) async throws -> Bool {
        let library = self.library
        return try await threads.run {
            let intake = try FileIntake(library: library)
            guard let file = try intake.take([path]).first else { throw MediaIndexError.noFile(path) }
            let own = intake.describe(path) ?? MediaDescription(kind: .image)
            defer { library.hashSoon([file]) }
            return try library.store.setText(text, own.facts(edited: text), of: file)
        }
    }

    /// Everything a picture says of itself, as names and texts (contracts/iib.md §3, `image_exif`); empty when nothing
    /// can be read.
    package func embedded(of path: String) async throws -> [EmbeddedMetadata.TextEntry] {
        try await threads.run { (try? EmbeddedMetadata.read(path: path))?.flat ?? [] }
    }
}
