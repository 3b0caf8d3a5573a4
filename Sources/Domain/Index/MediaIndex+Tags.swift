extension MediaIndex {
    /// All tags by id; of more than `limit`, those of type `pos` only as far as the `limit` most used go.
    package func tags(limit: Int = 4096) async throws -> [MediaTag] {
        try await threads.run { [library] in try library.store.tags(limit: limit) }
    }

    /// The tags of this name, of any type, by id; those of LoRAs by both their spellings.
    package func tags(named name: String) async throws -> [MediaTag] {
        try await threads.run { [library] in try library.store.tags(named: name) }
    }

    /// The tags that people made, by id.
    package func customTags() async throws -> [MediaTag] {
        try await threads.run { [library] in try library.store.tags(ofType: MediaTag.custom) }
    }

    /// The custom tags of the file at each path, in their order; none for an unknown one.
    package func customTags(of paths: [String]) async throws -> [[MediaTag]] {
        try await threads.run { [library] in
            try library.store.customTags(at: paths.map { PathPolicy.resolved($0) ?? $0 })
        }
    }

    /// The tag of this name, made when there is none.
    ///
    /// Throws ``MediaIndexError/invalidTagName``.
    package func addCustomTag(_ name: String) async throws -> MediaTag {
        let name = try TagName(name)
        return try await threads.run { [library] in
            var tag = MediaTag(id: 0, name: name.text, type: MediaTag.custom)
            _ = try library.commit {
                let result = try library.store.addCustomTag(name)
                tag = result.tag
                return result.changes
            }
            return tag
        }
    }

    /// Gives a file a tag or takes it away; answers whether it has it now.
    ///
    /// A file that the index does not know yet is taken in first. Throws ``MediaIndexError``: `noFile`,
    /// `outsideLibrary`, `empty`, `noTag`.
    package func toggleTag(_ tag: Int, of path: String) async throws -> Bool {
        try await change(tag, of: try await files(at: [path]), .toggle).first ?? false
    }

    /// Gives files a tag, or takes it away; checks all paths before it changes any.
    ///
    /// Throws as ``toggleTag(_:of:)``.
    package func setTag(_ tag: Int, of paths: [String], to isSet: Bool) async throws {
        _ = try await change(tag, of: try await files(at: paths), isSet ? .set : .remove)
    }

    /// Takes a tag from the file with this id; nothing happens when it has none.
    package func removeTag(_ tag: Int, fromFile file: Int) async throws {
        do {
            _ = try await change(tag, of: [file], .remove)
        } catch MediaIndexError.noTag {}
    }

    /// Removes a custom tag from all files and for good; others and unknown ids are left alone.
    ///
    /// The tag `like` stays, without files.
    package func removeCustomTag(_ tag: Int) async throws {
        try await threads.run { [library] in
            _ = try library.commit { try library.store.removeCustomTag(tag) }
        }
    }

    /// Sets the colour of a tag; nothing happens when there is none of this id.
    package func setColor(_ color: String, ofTag tag: Int) async throws {
        try await threads.run { [library] in
            _ = try library.commit { try library.store.setColor(color, ofTag: tag) }
        }
    }

    /// Changes a tag of files and tells of the files whose tags are others now.
    private func change(_ tag: Int, of files: [Int], _ tagging: Store.Tagging) async throws -> [Bool] {
        try await threads.run { [library] in
            var hasTag: [Bool] = []
            _ = try library.commit {
                let result = try library.store.change(tag, of: files, tagging, at: library.clock.now)
                hasTag = result.hasTag
                return result.changes
            }
            if tagging != .remove { library.hashSoon(files) }
            return hasTag
        }
    }

    /// The ids of the files at these paths, each of which the index knows then; the same file once.
    private func files(at paths: [String]) async throws -> [Int] {
        let (places, known) = try await threads.run { [library] in
            let roots = try library.roots()
            let places = try paths.map { path in
                guard let place = PathPolicy.resolved(path), roots.contains(where: { $0.relative(place) != nil }) else {
                    throw MediaIndexError.outsideLibrary(path)
                }
                return place
            }
            guard try library.store.hasMedia() else { throw MediaIndexError.empty }
            return (places, try library.store.mediaFiles(at: places))
        }
        let unknown = zip(places, known).filter { $1 == nil }.map(\.0)
        if !unknown.isEmpty { try await ensureIndexed(unknown) }
        // What people say of a file waits for it with its content, so that must be known; without it they may still say it.
        for (place, file) in zip(places, known) where file?.isHashed == false { try? await ensureIndexed([place]) }
        let files = try await threads.run { [library] in try library.store.mediaFiles(at: places).map { $0?.id } }
        if let place = files.firstIndex(of: nil) { throw MediaIndexError.noFile(paths[place]) }
        var seen: Set<Int> = []
        return files.compactMap(\.self).filter { seen.insert($0).inserted }
    }
}
