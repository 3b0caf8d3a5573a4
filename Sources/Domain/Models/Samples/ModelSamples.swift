#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The sample pictures of models: files in three qualities, and rows that give them their order
/// (contracts/gallery.md §2, §3).
///
/// Files are written under names that are never used again before their row gets a number, and go after it has lost it.
/// So each change is one transaction: readers see the order before it or after it, with no gap in either, whoever else
/// changes something, and what a crash leaves is told by rows without a number (``recover()``). The files of high
/// quality are pictures of the library; one that is removed there is a sample no more.
///
/// Calls block, ``prepare(_:for:)`` for up to seconds.
struct ModelSamples: Sendable {
    let library: Library
    let data: DataDirectory
    /// Decodes what our own decoders do not; `nil` when it is not there.
    var ffmpeg: FFmpeg?
    var limits = PictureLimits()

    private var store: Store { library.store }

    // MARK: - Reading

    /// How many samples a hash has.
    func count(_ hash: ContentHash) throws -> Int {
        let rows = try store.samples(of: hash)
        return try rows.count { row in
            if Self.status(path(row, .high)) != nil { return true }
            return try !forget(row)
        }
    }

    /// The file of a sample; `nil` when there is none of this number.
    func find(_ hash: ContentHash, _ number: Int, _ quality: SampleQuality) throws -> ModelGallery.Sample? {
        while let row = try store.sample(of: hash, number) {
            if let high = Self.status(path(row, .high)) {
                let smaller = quality == .high ? nil : Self.status(path(row, quality)) ?? remake(row, quality)
                // What cannot be made smaller again is shown as it is.
                return smaller.map { file(row, quality, $0) } ?? file(row, .high, high)
            }
            // Either it left meanwhile, and another has its number, or somebody removed the file.
            guard try store.sample(of: hash, number) != row || forget(row) else { return nil }
        }
        return nil
    }

    private func file(
        _ row: Store.ModelSampleRow,
        _ quality: SampleQuality,
        _ status: stat
    ) -> ModelGallery.Sample {
        ModelGallery.Sample(
            path: path(row, quality),
            version: "\(row.name)-\(quality.rawValue)-\(status.modified)"
        )
    }

    /// Makes a smaller form again that was lost.
    private func remake(_ row: Store.ModelSampleRow, _ quality: SampleQuality) -> stat? {
        guard let high = try? WholeFile.read(path(row, .high), limit: limits.bytes),
            let form = try? SampleForms.form(quality, fromHigh: high),
            (try? WholeFile.makeFolder(data.smallModelSamples)) != nil,
            (try? WholeFile.write(form, to: path(row, quality))) != nil
        else { return nil }
        return Self.status(path(row, quality))
    }

    // MARK: - Adding

    /// A sample whose files are there, and which has no number yet.
    typealias Arriving = Store.ModelSampleRow

    /// Adds a picture as the last sample; answers its number.
    ///
    /// Throws ``ModelGalleryError/badPicture(_:)``, ``SystemError``, GRDB's `DatabaseError`; then nothing is added.
    func add(_ picture: [UInt8], to hash: ContentHash) throws -> Int {
        let arriving = try prepare(picture, for: hash)
        let number: Int
        do {
            number = try store.placeSample(arriving.id)
        } catch {
            discard(arriving)
            throw error
        }
        settle(arriving)
        return number
    }

    /// Writes the files of a picture.
    ///
    /// It becomes a sample with ``Store/placeSample(_:_:)``, in whatever transaction it
    /// is a part of; then follows ``settle(_:)``, or ``discard(_:)`` when it came to nothing.
    ///
    /// Throws as ``add(_:to:)``.
    func prepare(_ picture: [UInt8], for hash: ContentHash) throws -> Arriving {
        let forms: SampleForms
        do throws(PictureError) {
            forms = try makeForms(picture)
        } catch {
            throw ModelGalleryError.badPicture(error.description)
        }
        let row = try store.beginSample(of: hash, name: "\(hash.hex)_\(Identifier.make())")
        do {
            try WholeFile.makeFolder(data.modelSamples)
            try WholeFile.makeFolder(data.smallModelSamples)
            for quality in [SampleQuality.low, .medium, .high] {
                try WholeFile.write(forms.files[quality] ?? [], to: path(row, quality))
            }
        } catch {
            discard(row)
            throw error
        }
        return row
    }

    private func makeForms(_ picture: [UInt8]) throws(PictureError) -> SampleForms {
        do throws(PictureError) {
            return try SampleForms(picture, limits: limits)
        } catch {
            guard case .unsupported = error, let ffmpeg else { throw error }
            return try SampleForms(render(picture, ffmpeg))
        }
    }

    /// The picture as the program decodes it, from a file that is gone when it is done.
    private func render(_ picture: [UInt8], _ ffmpeg: FFmpeg) throws(PictureError) -> Pixmap {
        let (type, header) = PictureDecoder.inspect(picture)
        guard let type, MediaKind(type) == .image else {
            throw .unsupported(type?.rawValue ?? "the format is not known")
        }
        if let header { try limits.check(header) }
        let path = FolderPath.joined(data[.temp], ".\(Identifier.make()).picture")
        do throws(SystemError) {
            try WholeFile.write(picture, to: path, durably: false)
        } catch {
            throw .failed(error.description)
        }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        unlink(path)
        guard descriptor >= 0 else { throw .failed(SystemError.text(errno)) }
        defer { close(descriptor) }
        return try ffmpeg.frame(0, of: descriptor, header: header, size: nil, limits: limits)
    }

    /// Takes a sample that has a number now into the library, so that all dialects know the picture at once.
    func settle(_ sample: Arriving) {
        // What fails here is done at the next start; the sample is there in any case.
        guard let file = try? FileIntake(library: library).take([path(sample, .high)]).first,
            (try? store.setSampleFile(file, of: sample.id)) == true
        else {
            if Self.status(path(sample, .high)) == nil {
                _ = try? forget(sample)
                // Who removed it may have been quicker than this, and found no file in the library yet.
                _ = try? library.commit { try store.endSample(sample.id, path: path(sample, .high)) }
                library.flushCounts()
            }
            return
        }
    }

    /// Removes what was prepared and came to nothing.
    func discard(_ sample: Arriving) { clear(sample) }

    // MARK: - Removing

    /// Removes a sample; those after it move down by one, in one step.
    ///
    /// Throws ``ModelGalleryError/unknownSample(_:)``, GRDB's `DatabaseError`.
    func remove(_ hash: ContentHash, _ number: Int) throws {
        // Those that somebody removed from the library have no numbers any more.
        guard try number < count(hash), let row = try store.leaveSample(of: hash, number) else {
            throw ModelGalleryError.unknownSample(number)
        }
        clear(row)
    }

    /// Removes the files of a sample without a number, then its row.
    ///
    /// What fails is done at the next start.
    private func clear(_ row: Store.ModelSampleRow) {
        for quality in SampleQuality.allCases {
            let path = path(row, quality)
            guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { return }
        }
        _ = try? library.commit { try store.endSample(row.id, path: path(row, .high)) }
        library.flushCounts()
    }

    /// Forgets a sample whose picture somebody removed; `false` when all are missing, as when a disk is not there.
    private func forget(_ row: Store.ModelSampleRow) throws -> Bool {
        var status = stat()
        guard lstat(path(row, .high), &status) != 0, errno == ENOENT, Self.status(data.modelSamples, S_IFDIR) != nil
        else { return false }
        try store.forgetSample(row.id)
        for quality in [SampleQuality.medium, .low] { unlink(path(row, quality)) }
        return true
    }

    // MARK: - Start

    /// Removes what a crash left half done, and what was removed from the library; once, before anything is asked.
    ///
    /// Throws GRDB's `DatabaseError`.
    func recover() throws {
        for row in try store.unplacedSamples() { clear(row) }
        for row in try store.placedSamples() where Self.status(path(row, .high)) == nil { _ = try forget(row) }
        for row in try store.samplesOutsideLibrary() { settle(row) }
        let files = DiskFileSystem()
        let kept = Set(
            try store.placedSamples().flatMap { row in [SampleQuality.medium, .low].map { Self.name(row, $0) } }
        )
        for name in (try? files.names(in: data.smallModelSamples)) ?? [] where !kept.contains(name) {
            unlink(FolderPath.joined(data.smallModelSamples, name))
        }
        // What was being written.
        for name in (try? files.names(in: data.modelSamples)) ?? [] where name.hasPrefix(".") && name.hasSuffix(".part")
        {
            unlink(FolderPath.joined(data.modelSamples, name))
        }
    }

    // MARK: - Files

    private func path(_ row: Store.ModelSampleRow, _ quality: SampleQuality) -> String {
        FolderPath.joined(quality == .high ? data.modelSamples : data.smallModelSamples, Self.name(row, quality))
    }

    private static func name(_ row: Store.ModelSampleRow, _ quality: SampleQuality) -> String {
        quality == .high ? row.name + ".webp" : "\(row.name)_\(quality.rawValue).webp"
    }

    /// What lies at a path; `nil` unless it is of the kind.
    private static func status(_ path: String, _ kind: mode_t = S_IFREG) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == kind ? status : nil
    }
}
