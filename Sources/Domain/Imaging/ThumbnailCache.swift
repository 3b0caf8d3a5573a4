package import Logging
import Synchronization

/// Small pictures of files, made when they are asked for and kept on the disk (contracts/iib.md §2).
///
/// Each is made once, however many ask for it at a time; decoding has threads of its own, one a processor. What cannot
/// be made is remembered for a moment, so that a page full of broken files costs little. When the disk takes nothing,
/// pictures are made for each who asks.
package final class ThumbnailCache: Sendable {
    /// Why there is no picture.
    package enum Failure: Error, Hashable, Sendable {
        /// There is no file, or it cannot be read.
        case missing
        /// It cannot be decoded; why.
        case undecodable(String)
    }

    /// A thumbnail as it should be shown.
    package enum Answer: Sendable {
        case made(CacheFolder.Entry)
        /// The file itself is small enough: its bytes, and when it was changed.
        case original(CacheFolder.Entry)
    }

    /// Pictures of fewer bytes stand for themselves.
    package static let smallFile = 64 * 1024
    /// How long in milliseconds nothing more is said of a folder that cannot be written.
    private static let silence: Milliseconds = 600_000

    struct Broken {
        var failure: Failure
        var source: FileStatus
        var until: Milliseconds
    }

    package let folder: CacheFolder
    let renderer: PictureRenderer
    let previews: LibraryPreviews?
    let threads: BlockingThreads
    /// Where ffmpeg is waited for, away from the decoders that never wait.
    let waiting: BlockingThreads
    let clock: WallClock
    private let logger: Logger
    let flights = SingleFlight<CacheName, Made>()
    /// When the next warning of the folder may be given.
    private let nextWarning = Mutex<Milliseconds>(.min)
    let broken: Mutex<[CacheName: Broken]> = Mutex([:])

    /// A cache in `folder` whose pictures `renderer` makes; `threads` is how many at once.
    ///
    /// Those of the size of `previews` are taken from there, so that one serves the library and who asks here.
    package init(
        folder: CacheFolder,
        renderer: PictureRenderer,
        previews: LibraryPreviews? = nil,
        threads: Int? = nil,
        clock: WallClock = .system,
        logger: Logger = Logger(label: "vitrine.thumbnails")
    ) {
        self.folder = folder
        self.renderer = renderer
        self.previews = previews
        self.threads = BlockingThreads(count: max(1, threads ?? Processors.count))
        waiting = BlockingThreads(count: FFmpeg.limit)
        self.clock = clock
        self.logger = logger
    }

    /// The thumbnail of the file at `path` that fits into `size`; `version` tells its states apart.
    ///
    /// It is answered even when it cannot be kept. Throws ``Failure``.
    package func thumbnail(of path: String, version: String, size: ThumbnailSize) async throws -> Answer {
        let name = CacheName.thumbnail(path, version: version, size: size)
        let known: Answer? = try await threads.run { [folder] in
            if let entry = folder.read(name) { return .made(entry) }
            guard MediaKind(name: path) == .image else { return nil }
            let (real, status) = try Self.source(path)
            guard status.size < Self.smallFile, let bytes = try? WholeFile.read(real, limit: Self.smallFile) else {
                return nil
            }
            return .original(CacheFolder.Entry(bytes: bytes, modified: status.modified))
        }
        if let known { return known }
        return .made(warned(try await make(name, of: path, size) { try $0.thumbnail(of: $1, size: size) }))
    }

    /// Puts the thumbnail of the file at `path` into the cache unless it is there, however small the file.
    ///
    /// Returns whether it was made. Throws ``Failure``, or a ``SystemError`` when the cache cannot be written.
    package func prepare(_ path: String, version: String, size: ThumbnailSize) async throws -> Bool {
        let name = CacheName.thumbnail(path, version: version, size: size)
        if try await threads.run({ [folder] in folder.has(name) }) { return false }
        let made = try await make(name, of: path, size) { try $0.thumbnail(of: $1, size: size, urgency: .background) }
        if let problem = made.problem { throw problem }
        return true
    }

    /// The cover of the video at `path`; `version` tells its states apart.
    ///
    /// Throws as ``thumbnail(of:version:size:)``.
    package func cover(of path: String, version: String) async throws -> CacheFolder.Entry {
        let name = CacheName.cover(path, version: version)
        if let entry = try await threads.run({ [folder] in folder.read(name) }) { return entry }
        return warned(try await make(name, of: path) { try $0.cover(of: $1) })
    }

    /// Makes a picture that someone chose the cover of the video at `path`, for good, and returns it as WebP.
    ///
    /// Throws ``Failure/undecodable(_:)`` when `picture` is none, and ``SystemError``.
    package func setCover(_ picture: [UInt8], of path: String, version: String) async throws -> [UInt8] {
        let name = CacheName.cover(path, version: version)
        return try await threads.run { [folder, renderer] in
            let bytes: [UInt8]
            do throws(PictureError) {
                let size = ThumbnailSize(square: ThumbnailSize.limit)
                bytes = try Thumbnail.make(picture, size: size, limits: renderer.limits)
            } catch {
                throw Failure.undecodable("\(error)")
            }
            try folder.write(bytes, name, isKept: true)
            return bytes
        }
    }

    /// The picture; says, but not each time, that it could not be kept.
    private func warned(_ made: Made) -> CacheFolder.Entry {
        guard let problem = made.problem else { return made.entry }
        let isDue = nextWarning.withLock { next in
            guard clock.now >= next else { return false }
            next = clock.now + Self.silence
            return true
        }
        if isDue { logger.warning("thumbnails are not kept in \(folder.path): \(problem)") }
        return made.entry
    }

    /// Where a file really lies, and its state.
    static func source(_ path: String) throws(Failure) -> (path: String, status: FileStatus) {
        guard let real = try? FolderPath.resolved(path), let status = FileStatus(path: real) else { throw .missing }
        return (real, status)
    }
}
