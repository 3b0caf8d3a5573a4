/// Takes over the models, words and pictures of a legacy database.
///
/// Words come whether models have them or not. Rows with a hash become models, all others wait under their old ids,
/// without a path none can. It can be run again: what is there already stays
/// as it is, only what is empty in it is filled, and pictures are added to models that have none. Each row is one
/// transaction.
struct LegacyMigration {
    private let gallery: ModelGallery
    private let rows: [LegacyModel]
    private let words: [String]
    /// The folder with the pictures; absolute and resolved.
    private let pictures: String?
    private let stop: StopFlag
    private var report = LegacyReport()

    /// Prepares to take over `rows` and `words`; pictures lie directly in `pictures`.
    init(
        _ rows: [LegacyModel],
        words: [String] = [],
        into gallery: ModelGallery,
        pictures: String?,
        stop: StopFlag = StopFlag()
    ) {
        self.rows = rows
        self.words = words
        self.gallery = gallery
        self.pictures = pictures
        self.stop = stop
    }

    /// Takes over all rows; throws `CancellationError` when stopped, and what was done until then stays done.
    mutating func run() throws -> LegacyReport {
        try gallery.commit { ((), ModelChanges(words: try gallery.library.store.addWords(words).added)) }
        for row in rows {
            if stop.isSet { throw CancellationError() }
            do {
                if let hash = row.hash { try takeModel(row, hash) } else { try takePending(row) }
            } catch {
                report.errors += 1
            }
        }
        return report
    }

    private mutating func takeModel(_ row: LegacyModel, _ hash: ContentHash) throws {
        let sample = try gallery.samples.count(hash) == 0 ? sample(row, hash) : nil
        let isPlaced: Bool
        do {
            isPlaced = try gallery.commit { try gallery.library.store.takeLegacy(row, hash, sample: sample?.id) }
        } catch {
            sample.map(gallery.samples.discard)
            throw error
        }
        report.migrated += 1
        guard let sample else { return }
        if isPlaced {
            gallery.samples.settle(sample)
            report.pictures += 1
        } else {
            gallery.samples.discard(sample)
        }
    }

    private mutating func takePending(_ row: LegacyModel) throws {
        guard !row.path.isEmpty else { throw ModelImport.Failure.missingPath }
        // By now it may be a model, too.
        guard try gallery.library.store.areKnownModels([Store.text(row.path)]) == [false] else { return }
        let picture = copy(row)
        do {
            try gallery.commit { ((), try gallery.library.store.takeLegacy(row, picture: picture)) }
        } catch {
            gallery.pendingPictures.remove([picture].compactMap(\.self))
            throw error
        }
        report.pending += 1
        if picture != nil { report.pictures += 1 }
    }

    // MARK: - Pictures

    /// The picture of a row, made ready as a sample; `nil` when there is none, or none that can be decoded.
    private mutating func sample(_ row: LegacyModel, _ hash: ContentHash) -> ModelSamples.Arriving? {
        guard let path = picture(row) else { return nil }
        do {
            let bytes = try WholeFile.read(path, limit: gallery.samples.limits.bytes)
            return try gallery.samples.prepare(bytes, for: hash)
        } catch {
            report.pictureErrors += 1
            return nil
        }
    }

    /// The name of a copy of the row's picture, which waits with it; `nil` as in ``sample(_:_:)``.
    private mutating func copy(_ row: LegacyModel) -> String? {
        guard let path = picture(row) else { return nil }
        do {
            return try gallery.pendingPictures.add(fileAt: path, named: FolderPath.name(of: path))
        } catch {
            report.pictureErrors += 1
            return nil
        }
    }

    /// Where the picture of a row lies; `nil` when nothing is there.
    private func picture(_ row: LegacyModel) -> String? {
        guard let pictures, let name = row.picture else { return nil }
        let path = FolderPath.joined(pictures, name)
        return (try? DiskFileSystem().node(path)) == nil ? nil : path
    }
}
