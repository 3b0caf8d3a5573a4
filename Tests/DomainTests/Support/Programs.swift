import Foundation

@testable import Domain

/// Programs of the machine that some tests need; those are skipped where there is none.
enum Programs {
    /// The path of `ffmpeg`, without which tests of videos and of rare pictures are skipped.
    static let ffmpeg = FFmpeg.find(nil, searchPath: ProcessInfo.processInfo.environment["PATH"])

    static let ffmpegMissing = "ffmpeg is not installed (scripts/install-system-packages does that)"

    /// Makes a picture or video with `ffmpeg`.
    static func make(_ path: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try TestPicture.require(ffmpeg))
        process.arguments = ["-v", "error", "-nostdin", "-y"] + arguments + [path]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        guard process.exitCode() == 0 else { throw TestPicture.Missing() }
    }
}
