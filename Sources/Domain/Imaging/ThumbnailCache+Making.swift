import Synchronization

extension ThumbnailCache {
    /// A picture, and why it is not in the cache, if so.
    struct Made {
        var entry: CacheFolder.Entry
        var problem: SystemError?
    }

    /// What the disk says before a picture is made.
    private enum Look {
        case made(Made)
        case wanted(Source)
    }

    /// What a picture is to be made of.
    private struct Source {
        /// Without links.
        var path: String
        var status: FileStatus
        /// Whether our own decoders know it.
        var isDecodable: Bool
        /// What it holds, if the library keeps a thumbnail of this size of that.
        var content: LibraryContent?
    }

    /// How long in milliseconds a failure is remembered, and how many are.
    private static var failureTime: Milliseconds { 10_000 }
    private static var failureLimit: Int { 4_096 }

    /// Makes a picture, or takes that of the library when it is a thumbnail of its `size`.
    func make(
        _ name: CacheName,
        of path: String,
        _ size: ThumbnailSize? = nil,
        _ render: @escaping @Sendable (PictureRenderer, String) throws -> [UInt8]
    ) async throws -> Made {
        let previews = size.flatMap { size in self.previews.flatMap { $0.have(size) ? $0 : nil } }
        return try await flights.run(name) { [self] in
            let source: Source
            switch try await threads.run({ [self] in try look(name, path, previews) }) {
            case .made(let made): return made
            case .wanted(let found): source = found
            }
            let known = broken.withLock { $0[name] }
            if let known, known.source == source.status, clock.now < known.until { throw known.failure }
            return try await (source.isDecodable ? threads : waiting).run { [self] in
                if source.isDecodable, let content = source.content, let bytes = previews?.made(content) {
                    return kept(bytes, name, source.status)
                }
                do {
                    return kept(try render(renderer, source.path), name, source.status)
                } catch {
                    throw remember(Self.failure(error), name, source.status)
                }
            }
        }
    }

    private func look(_ name: CacheName, _ path: String, _ previews: LibraryPreviews?) throws -> Look {
        // Whoever made it in between has left it there.
        if let entry = folder.read(name) { return .made(Made(entry: entry)) }
        let (real, status) = try Self.source(path)
        let content = previews?.content(of: real, status)
        if let content, let bytes = previews?.present(content) { return .made(kept(bytes, name, status)) }
        let isDecodable = PictureRenderer.isDecodable(real)
        return .wanted(Source(path: real, status: status, isDecodable: isDecodable, content: content))
    }

    /// Puts a picture into the cache, if that takes it.
    private func kept(_ bytes: [UInt8], _ name: CacheName, _ source: FileStatus) -> Made {
        do throws(SystemError) {
            return Made(entry: try folder.write(bytes, name))
        } catch {
            // Nothing says when it was made, so it is as old as the file.
            return Made(entry: CacheFolder.Entry(bytes: bytes, modified: source.modified), problem: error)
        }
    }

    private func remember(_ failure: Failure, _ name: CacheName, _ source: FileStatus) -> Failure {
        let until = clock.now + Self.failureTime
        broken.withLock { broken in
            if broken.count >= Self.failureLimit { broken.removeAll() }
            broken[name] = Broken(failure: failure, source: source, until: until)
        }
        return failure
    }

    private static func failure(_ error: any Error) -> Failure {
        switch error {
        case let error as PictureError: .undecodable(error.description)
        case WholeFile.ReadFailure.tooLarge(let size):
            .undecodable(PictureError.tooLarge("\(size) bytes").description)
        default: .missing
        }
    }
}
