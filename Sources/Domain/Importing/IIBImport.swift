/// Takes over what people did in an Infinite Image Browsing server: folders, settings, tags, likes and edited texts.
///
/// It can be run again: what is there already stays, and nothing is removed.
package struct IIBImport: Sendable {
    /// What was taken over, and what could not be.
    package struct Report: Hashable, Sendable {
        package var folders = 0
        package var settings = 0
        package var tags = 0
        /// Tags given to files.
        package var links = 0
        package var texts = 0
        /// Folders that are no longer there.
        package var missingFolders: [String] = []
        /// Settings that are no JSON, and tags whose name is refused.
        package var refused: [String] = []
        /// Files with tags or edited texts that are gone or lie in no folder of the library.
        package var missingFiles: [String] = []

        package init() {}
    }

    private let source: IIBDatabase
    private let index: MediaIndex
    private let mapping: PathMapping

    /// Prepares to read `source` into `index`; `mapping` says where folders lie now.
    package init(from source: IIBDatabase, into index: MediaIndex, mapping: PathMapping = PathMapping()) {
        self.source = source
        self.index = index
        self.mapping = mapping
    }

    /// Adds the folders and settings; files are taken in by the scan that must follow before ``importTags(_:)``.
    package func importFolders(_ report: inout Report) async throws {
        for extra in try source.extraPaths() {
            let path = mapping.apply(extra.path)
            guard (try? FolderPath.resolvedFolder(path)) != nil else {
                report.missingFolders.append(path)
                continue
            }
            try await index.addExtraPath(path, types: extra.types.isEmpty ? ["scanned"] : extra.types)
            if !extra.alias.isEmpty { _ = try await index.setAlias(extra.alias, ofExtraPath: path) }
            report.folders += 1
        }
        for setting in try source.settings() {
            do {
                try await index.setSetting(setting.name, to: setting.json)
                report.settings += 1
            } catch MediaIndexError.invalidJSON {
                report.refused.append("setting \(setting.name)")
            }
        }
    }

    /// Gives the files their tags and texts; `progress` hears how many of how many tags are done.
    package func importTags(_ report: inout Report, progress: (Int, Int) -> Void = { _, _ in }) async throws {
        let tags = try source.customTags()
        var missing: Set<String> = []
        for (number, old) in tags.enumerated() {
            progress(number, tags.count)
            let tag: MediaTag
            do {
                tag = try await index.addCustomTag(old.name)
            } catch MediaIndexError.invalidTagName {
                report.refused.append("tag \(old.name)")
                continue
            }
            report.tags += 1
            if !old.color.isEmpty, tag.color.isEmpty { try await index.setColor(old.color, ofTag: tag.id) }
            report.links += try await give(tag.id, to: source.paths(withTag: old.id), &missing)
        }
        for edited in try source.editedTexts() {
            let path = mapping.apply(edited.path)
            do {
                try await index.setText(edited.text, of: path)
                report.texts += 1
            } catch MediaIndexError.noFile, MediaIndexError.outsideLibrary {
                missing.insert(path)
            }
        }
        report.missingFiles += missing.sorted()
        progress(tags.count, tags.count)
    }

    /// Gives the tag to those of the files that are there, many in one step; answers how many.
    private func give(_ tag: Int, to paths: [String], _ missing: inout Set<String>) async throws -> Int {
        var given = 0
        let paths = paths.map(mapping.apply)
        for start in stride(from: 0, to: paths.count, by: 500) {
            let part = Array(paths[start..<min(start + 500, paths.count)])
            do {
                try await index.setTag(tag, of: part, to: true)
                given += part.count
            } catch MediaIndexError.noFile, MediaIndexError.outsideLibrary, MediaIndexError.empty {
                // One of them is not to be had; all of a step or none, so now one at a time.
                for path in part {
                    do {
                        try await index.setTag(tag, of: [path], to: true)
                        given += 1
                    } catch MediaIndexError.noFile, MediaIndexError.outsideLibrary, MediaIndexError.empty {
                        missing.insert(path)
                    }
                }
            }
        }
        return given
    }
}
