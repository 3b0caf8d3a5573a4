#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Makes thumbnails and covers of files, by whichever decoder knows them: our own, or ffmpeg when it is there.
package struct PictureRenderer: Sendable {
    /// Which frame of a video is its cover, counted from 0 (contracts/iib.md §2).
    static let coverFrame = 16

    package let ffmpeg: FFmpeg?
    let limits: PictureLimits

    /// A renderer; without `ffmpeg` it knows PNG, JPEG and WebP only.
    package init(ffmpeg: FFmpeg?, limits: PictureLimits = PictureLimits()) {
        self.ffmpeg = ffmpeg
        self.limits = limits
    }

    /// Whether a thumbnail can be made of files of this type here.
    func canRender(_ type: MediaType) -> Bool {
        type.isDecodable || (ffmpeg != nil && MediaKind(type) != nil && MediaKind(type) != .audio)
    }

    /// Whether our own decoders know the file at a path, whose links were resolved.
    static func isDecodable(_ path: String) -> Bool {
        guard let file = try? OpenedPicture(path) else { return false }
        return file.type?.isDecodable ?? false
    }

    /// The thumbnail of the file at a path, whose links were resolved: WebP that fits into `size`.
    ///
    /// Blocks. Throws a ``PictureError``, or a ``WholeFile/ReadFailure`` when the file cannot be read.
    func thumbnail(
        of path: String,
        size: ThumbnailSize,
        urgency: FFmpeg.Urgency = .shown,
        stop: StopFlag = StopFlag()
    ) throws -> [UInt8] {
        let file = try OpenedPicture(path)
        if let type = file.type, type.isDecodable {
            let bytes = try WholeFile.read(path, limit: limits.bytes)
            do throws(PictureError) {
                return try Thumbnail.make(bytes, size: size, limits: limits)
            } catch {
                // What is not decoded here, such as CMYK in a rare form, another may know.
                guard case .unsupported = error, ffmpeg != nil else { throw error }
            }
        }
        let frame = file.isVideo ? Self.coverFrame : 0
        do {
            return try Thumbnail.encode(try render(frame, file, size, urgency, stop))
        } catch PictureError.corrupt where frame > 0 {
            // A shorter one is shown by its first.
            return try Thumbnail.encode(try render(0, file, size, urgency, stop))
        }
    }

    /// The cover of the video at a path, whose links were resolved: frame 16 at full size, as WebP.
    ///
    /// Blocks. Throws as ``thumbnail(of:size:urgency:stop:)``.
    func cover(of path: String, stop: StopFlag = StopFlag()) throws -> [UInt8] {
        try Thumbnail.encode(try render(Self.coverFrame, try OpenedPicture(path), nil, .shown, stop))
    }

    private func render(
        _ frame: Int,
        _ file: OpenedPicture,
        _ size: ThumbnailSize?,
        _ urgency: FFmpeg.Urgency,
        _ stop: StopFlag
    ) throws(PictureError) -> Pixmap {
        guard let type = file.type, let kind = MediaKind(type), kind != .audio else {
            throw .unsupported(file.type?.rawValue ?? "the format is not known")
        }
        guard let ffmpeg else { throw .unsupported("\(type.rawValue), and there is no ffmpeg") }
        if kind == .image, let header = file.header { try limits.check(header) }
        return try ffmpeg.frame(
            frame,
            of: file.descriptor,
            header: kind == .image ? file.header : nil,
            size: size,
            limits: limits,
            urgency: urgency,
            stop: stop
        )
    }
}

/// A file that may be a picture or a video, opened, and what its first bytes say.
private final class OpenedPicture {
    private static let headLength = 65_536

    let descriptor: Int32
    let type: MediaType?
    let header: PictureHeader?

    /// Opens a regular file; links are not followed.
    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw WholeFile.ReadFailure.system(SystemError(code: errno, action: path)) }
        self.descriptor = descriptor
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        var head = [UInt8](repeating: 0, count: isRegular ? Self.headLength : 0)
        head.removeLast(head.count - max(0, pread(descriptor, &head, head.count, 0)))
        let size = Int(status.st_size)
        let found = head.withUnsafeBytes { head -> (MediaType?, PictureHeader?) in
            let start = UnsafeRawBufferPointer(rebasing: head.prefix(MediaType.headLength))
            guard let type = MediaType(head: start, size: size) else { return (nil, nil) }
            var source = ByteSource(head: head, descriptor: descriptor, count: size)
            return (type, PictureHeader(&source, type: type))
        }
        (type, header) = found
        guard isRegular else { throw WholeFile.ReadFailure.notRegular }
    }

    /// Whether it moves.
    var isVideo: Bool { type.flatMap { MediaKind($0) } == .video }

    deinit {
        close(descriptor)
    }
}
