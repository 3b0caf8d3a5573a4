import OrderedCollections

/// The task `thumbnails`: makes the thumbnail of every content that has none.
///
/// Parameters: `sha256`, one content whose thumbnail is made anew, and `retry_failed`, whether those that failed are
/// tried again. Its result counts what was `made`, `failed`, `unsupported` and `missing`.
package struct ThumbnailsKind: TaskKind {
    package let name = "thumbnails"
    package let title = "Make thumbnails"
    package let parameters = ["sha256", "retry_failed"]
    package let restartPolicy = TaskRestartPolicy.requeue
    /// Two at a time would do the same work twice.
    package let isExclusive = true

    private let library: Library
    private let maker: ThumbnailMaker
    private let threads: Int

    /// A kind that puts the thumbnails of `library` into `data`, on `threads` threads.
    package init(
        library: Library,
        data: DataDirectory,
        renderer: PictureRenderer = PictureRenderer(ffmpeg: nil),
        threads: Int = 2
    ) {
        self.library = library
        self.maker = ThumbnailMaker(store: library.store, data: data, renderer: renderer)
        self.threads = max(1, threads)
    }

    package func validate(_ params: JSON) throws(TaskRecord.Failure) {
        _ = try Parameters(params)
    }

    package func run(_ context: TaskContext) async throws -> JSON {
        let parameters = try Parameters(context.params)
        let stop = StopFlag()
        let run = ThumbnailRun(library: library, maker: maker, context: context, stop: stop)
        return try await OwnThreads.run("thumbnails.write", cancel: stop.set) {
            [library, threads, canRenderMore = maker.renderer.ffmpeg != nil] in
            var only: LibraryContent?
            if let hash = parameters.hash {
                guard let content = try library.content(hash) else {
                    throw TaskAbort(
                        TaskRecord.Failure(code: "not_found", message: "the library has no content \(hash.hex)")
                    )
                }
                only = content
            }
            // A database may be older than the decoder.
            if canRenderMore { try library.store.wantUnsupportedThumbnails() }
            if parameters.retryFailed { try library.store.forgetFailedThumbnails() }
            return try run.run(only: only, threads: threads)
        }
    }

    private struct Parameters: Sendable {
        var hash: ContentHash?
        var retryFailed = false

        init(_ params: JSON) throws(TaskRecord.Failure) {
            guard case .object(let members) = params else { throw Self.failure("params must be an object") }
            for name in members.keys where name != "sha256" && name != "retry_failed" {
                throw Self.failure("unknown parameter \"\(name)\"; thumbnails takes sha256 and retry_failed")
            }
            if let value = params["sha256"] {
                guard let hash = value.string.flatMap({ ContentHash(hex: $0) }) else {
                    throw Self.failure("sha256 must be 64 hex digits")
                }
                self.hash = hash
            }
            if let value = params["retry_failed"] {
                guard let retry = value.bool else { throw Self.failure("retry_failed must be true or false") }
                retryFailed = retry
            }
        }

        private static func failure(_ message: String) -> TaskRecord.Failure {
            TaskRecord.Failure(code: "bad_params", message: message)
        }
    }
}
