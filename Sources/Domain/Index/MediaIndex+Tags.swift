extension MediaIndex {
    /// All tags by id; of more than `limit`, those of type `pos` only as far as the `limit` most used go.
    package func tags(limit: Int = 4096) async throws -> [MediaTag] { throw MediaIndexError.unavailable }

    /// The tags that people made, by id.
    package func customTags() async throws -> [MediaTag] { throw MediaIndexError.unavailable }

    /// The custom tags of files by their path as given; paths without tags and unknown ones are left out.
    package func customTags(of paths: [String]) async throws -> [String: [MediaTag]] {
        throw MediaIndexError.unavailable
    }

    /// The tag of this name, made when there is none. Throws ``MediaIndexError/invalidTagName``.
    package func addCustomTag(_ name: String) async throws -> MediaTag { throw MediaIndexError.unavailable }

    /// Gives a file a tag or takes it away; answers whether it has it now.
    ///
    /// A file that the index does not know yet is taken in first. Throws ``MediaIndexError``: `noFile`,
    /// `outsideLibrary`, `empty`, `noTag`.
    package func toggleTag(_ tag: Int, of path: String) async throws -> Bool { throw MediaIndexError.unavailable }

    /// Gives files a tag, or takes it away; checks all paths before it changes any. Throws as ``toggleTag(_:of:)``.
    package func setTag(_ tag: Int, of paths: [String], to isSet: Bool) async throws {
        throw MediaIndexError.unavailable
    }

    /// Takes a tag from the file with this id; nothing happens when it has none.
    package func removeTag(_ tag: Int, fromFile file: Int) async throws { throw MediaIndexError.unavailable }

    /// Removes a custom tag from all files and for good; others and unknown ids are left alone.
    package func removeCustomTag(_ tag: Int) async throws { throw MediaIndexError.unavailable }

    /// Sets the colour of a tag; nothing happens when there is none of this id.
    package func setColor(_ color: String, ofTag tag: Int) async throws { throw MediaIndexError.unavailable }
}
