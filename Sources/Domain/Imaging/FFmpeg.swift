import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Decodes what our own decoders do not, by the program `ffmpeg`: videos, and the rarer kinds of pictures.
///
/// The program reads the file as its standard input, so no path of ours is among its arguments; it may open nothing but
/// that, knows a fixed list of formats only (none that names other files), and is bounded in time, output and pixels.
package final class FFmpeg: Sendable {
    /// Who waits for a picture.
    enum Urgency {
        /// Someone looks at it.
        case shown
        /// Nobody yet; one at a time, so that most of the places stay free.
        case background
    }

    /// How many run at once.
    package static let limit = 2
    /// Containers and pictures; no playlists, scripts or devices.
    private static let formats =
        "mov,matroska,avi,asf,flv,mpegts,mpeg,gif,bmp_pipe,tiff_pipe,jpegxl_pipe,jpegxl_anim,webp_pipe,png_pipe"

    /// The path of the program.
    package let program: String
    private let time: Duration
    private let places = DispatchSemaphore(value: FFmpeg.limit)
    private let background = DispatchSemaphore(value: 1)

    /// Decoding by the program at an absolute path; `time` is how long one picture may take.
    package init(program: String, time: Duration = .seconds(20)) {
        self.program = program
        self.time = time
    }

    /// The program: the one at `path`, or the first `ffmpeg` in the folders of `searchPath`, joined by colons.
    ///
    /// `nil` when there is none that can be run. A `path` that is set is the only place that is looked at.
    package static func find(_ path: String?, searchPath: String?) -> String? {
        let candidates =
            path.map { [$0] }
            ?? (searchPath ?? "").split(separator: ":").map { FolderPath.joined(String($0), "ffmpeg") }
        return candidates.first { path in
            var status = stat()
            return path.hasPrefix("/") && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
                && access(path, X_OK) == 0
        }
    }

    /// One frame of the picture or video that `descriptor` reads, counted from 0, turned upright.
    ///
    /// It is made to fit into `size` when there is one. Blocks, also until there is a place. Throws ``PictureError``:
    /// `corrupt` with the program's words, or that there is no such frame.
    func frame(
        _ number: Int,
        of descriptor: Int32,
        header: PictureHeader?,
        size: ThumbnailSize?,
        limits: PictureLimits = PictureLimits(),
        urgency: Urgency = .shown,
        stop: StopFlag = StopFlag()
    ) throws(PictureError) -> Pixmap {
        // Pictures are turned by what we read ourselves, for versions differ in that; videos by the program.
        let orientation = header?.orientation ?? .up
        let box = orientation.swapsSides ? size?.turned : size
        var filters = number > 0 ? ["select=eq(n\\,\(number))"] : []
        if let box {
            filters.append(
                "scale=w=min(iw\\,\(box.width)):h=min(ih\\,\(box.height)):force_original_aspect_ratio=decrease:flags=area"
            )
        }
        var arguments = [
            "-hide_banner", "-v", "error", "-nostdin", "-max_alloc", "\(16 * limits.bufferedPixels)", "-threads", "1",
            "-max_pixels", "\(limits.bufferedPixels)", "-protocol_whitelist", "file,pipe", "-format_whitelist",
            Self.formats,
        ]
        if header != nil { arguments.append("-noautorotate") }
        arguments += ["-i", "file:/dev/fd/0", "-map", "0:v:0", "-an", "-sn", "-dn"]
        if !filters.isEmpty { arguments += ["-vf", filters.joined(separator: ",")] }
        arguments += ["-frames:v", "1", "-f", "image2pipe", "-c:v", "pam", "-pix_fmt", "rgba", "pipe:1"]
        let pixels = box.map { $0.width * $0.height } ?? limits.bufferedPixels
        let output = try run(arguments, descriptor, 4 * pixels + 1_024, urgency, stop)
        guard !output.isEmpty else { throw .corrupt("there is no frame \(number)") }
        guard let picture = PAMPicture.decode(output) else { throw .failed("ffmpeg wrote no picture") }
        return picture.oriented(orientation)
    }

    private func run(
        _ arguments: [String],
        _ descriptor: Int32,
        _ bytes: Int,
        _ urgency: Urgency,
        _ stop: StopFlag
    ) throws(PictureError) -> [UInt8] {
        if urgency == .background { background.wait() }
        places.wait()
        defer {
            places.signal()
            if urgency == .background { background.signal() }
        }
        do {
            return try ChildProcess.run(
                program,
                arguments,
                input: descriptor,
                bounds: ChildProcess.Bounds(bytes: bytes, time: time),
                stop: stop
            )
        } catch {
            switch error {
            case .ended(let text): throw .corrupt(text)
            case .wroteTooMuch: throw .tooLarge("more than \(bytes) bytes of pixels")
            case .notStarted, .tookTooLong, .stopped: throw .failed("ffmpeg: \(error)")
            }
        }
    }
}
