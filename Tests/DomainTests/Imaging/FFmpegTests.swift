import Foundation
import Testing

@testable import Domain

@Suite(.enabled(if: Programs.ffmpeg != nil, Comment(rawValue: Programs.ffmpegMissing)), .timeLimit(.minutes(5)))
struct FFmpegTests {
    private let files: TemporaryFolder
    private let renderer: PictureRenderer

    init() throws {
        files = try TemporaryFolder()
        renderer = PictureRenderer(ffmpeg: FFmpeg(program: try #require(Programs.ffmpeg)))
    }

    /// Frames whose grey is eight times their number.
    private func video(_ name: String, frames: Int, _ arguments: [String] = []) throws -> String {
        let path = files.path + "/" + name
        let source = "nullsrc=s=64x32:r=25,format=gray,geq=lum=8*N,format=yuv420p"
        try Programs.make(path, ["-f", "lavfi", "-i", source, "-frames:v", "\(frames)"] + arguments)
        return path
    }

    private func still(_ name: String, _ arguments: [String] = []) throws -> String {
        let path = files.path + "/" + name
        try Programs.make(path, ["-f", "lavfi", "-i", "color=c=red:s=60x30", "-frames:v", "1"] + arguments)
        return path
    }

    private func picture(_ bytes: [UInt8]) throws -> Pixmap { try PictureDecoder.decode(bytes, side: 4096) }

    private func expectRed(_ picture: Pixmap) {
        #expect(picture.pixels[0] > 200 && picture.pixels[1] < 60 && picture.pixels[2] < 60 && picture.pixels[3] == 255)
    }

    @Test(
        "Pictures that our decoders do not know get thumbnails",
        arguments: ["a.gif", "a.bmp", "a.tiff", "a.jxl"]
    )
    func stills(_ name: String) throws {
        let path = try still(name, name.hasSuffix("gif") ? ["-vf", "format=rgb8"] : [])
        let thumbnail = try picture(renderer.thumbnail(of: path, size: ThumbnailSize(square: 20)))
        #expect(thumbnail.width == 20 && thumbnail.height == 10)
        expectRed(thumbnail)
        // Never enlarged.
        let same = try picture(renderer.thumbnail(of: path, size: ThumbnailSize(square: 4096)))
        #expect(same.width == 60 && same.height == 30)
    }

    @Test(
        "The name of a file says nothing, whatever stands in it",
        arguments: ["-i x.gif", "a%03d.gif", "http:b", "c*?"]
    )
    func names(_ name: String) throws {
        try files.move(URL(fileURLWithPath: try still("a.bmp")).lastPathComponent, name)
        let thumbnail = try picture(renderer.thumbnail(of: files.path + "/" + name, size: ThumbnailSize(square: 20)))
        expectRed(thumbnail)
    }

    @Test("The cover of a video is its frame 16 at full size", arguments: ["v.mp4", "v.mkv", "v.avi", "v.mov"])
    func cover(_ name: String) throws {
        let path = try video(name, frames: 24, name == "v.avi" ? [] : ["-c:v", "libx264", "-qp", "1"])
        let cover = try picture(renderer.cover(of: path))
        #expect(cover.width == 64 && cover.height == 32)
        // Grey of limited range: 16 to 235.
        let grey = (8 * 16 - 16) * 255 / 219
        #expect(abs(Int(cover.pixels[0]) - grey) <= 6, "\(cover.pixels[0]) for \(grey)")
    }

    @Test("A video of fewer frames has no cover, but a thumbnail")
    func short() throws {
        let path = try video("v.mp4", frames: 16)
        #expect(throws: PictureError.corrupt("there is no frame 16")) { try renderer.cover(of: path) }
        let thumbnail = try picture(renderer.thumbnail(of: path, size: ThumbnailSize(square: 16)))
        #expect(thumbnail.width == 16 && thumbnail.height == 8)
        let enough = try video("w.mp4", frames: 17)
        #expect(throws: Never.self) { try renderer.cover(of: enough) }
    }

    @Test("A turned video is shown upright")
    func rotated() throws {
        let source = try video("v.mp4", frames: 20)
        let path = files.path + "/turned.mp4"
        try Programs.make(path, ["-i", source, "-c", "copy", "-metadata:s:v:0", "rotate=90"])
        let cover = try picture(renderer.cover(of: path))
        #expect(cover.width == 32 && cover.height == 64)
    }

    @Test("Broken files, sounds and playlists are refused")
    func refused() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: try video("v.mp4", frames: 20)))
        let sound = files.path + "/s.wav"
        try Programs.make(sound, ["-f", "lavfi", "-i", "sine=d=0.1"])
        let paths = [
            try files.write([UInt8](whole.prefix(200)), "cut.mp4"), try files.write([], "empty.mp4"), sound,
            try files.write(Array("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8), "list.mp4"),
            try files.write(Array("ffconcat version 1.0\nfile v.mp4\n".utf8), "concat.mp4"),
        ]
        for path in paths {
            #expect(throws: PictureError.self, "\(path)") { try renderer.cover(of: path) }
            #expect(throws: PictureError.self, "\(path)") {
                try renderer.thumbnail(of: path, size: ThumbnailSize(square: 9))
            }
        }
    }

    @Test("More pixels than the limits allow are refused")
    func tooManyPixels() throws {
        let path = try video("v.mp4", frames: 20)
        let strict = PictureRenderer(ffmpeg: renderer.ffmpeg, limits: PictureLimits(bufferedPixels: 64 * 32 - 1))
        #expect(throws: PictureError.self) { try strict.cover(of: path) }
        // A GIF that promises 65,535 x 65,535 pixels.
        let bomb =
            Array("GIF89a".utf8) + [255, 255, 255, 255, 0, 0, 0, 0x2C, 0, 0, 0, 0, 255, 255, 255, 255, 0, 2, 0, 0x3B]
        let gif = try files.write(bomb, "bomb.gif")
        #expect(throws: PictureError.self) { try renderer.thumbnail(of: gif, size: ThumbnailSize(square: 9)) }
    }

    @Test("The program is found where it is said to be, and nowhere else then")
    func find() throws {
        let program = try #require(Programs.ffmpeg)
        #expect(FFmpeg.find(program, searchPath: nil) == program)
        #expect(FFmpeg.find(files.path + "/none", searchPath: "/usr/bin:/bin") == nil)
        #expect(FFmpeg.find(files.path, searchPath: nil) == nil)
        #expect(FFmpeg.find("ffmpeg", searchPath: nil) == nil)
        let plain = try files.write([], "ffmpeg")
        #expect(FFmpeg.find(nil, searchPath: files.path) == nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: plain)
        #expect(FFmpeg.find(nil, searchPath: "/nowhere:\(files.path)") == plain)
        #expect(FFmpeg.find(nil, searchPath: nil) == nil)
    }
}

struct PictureRendererTests {
    @Test("Without ffmpeg only our own formats are known")
    func without() throws {
        let files = try TemporaryFolder()
        let renderer = PictureRenderer(ffmpeg: nil)
        #expect(MediaType.allCases.filter(renderer.canRender) == [.png, .jpeg, .webp])
        let gif = try files.write(Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8), "a.gif")
        #expect {
            try renderer.thumbnail(of: gif, size: ThumbnailSize(square: 9))
        } throws: { error in
            if case .unsupported? = error as? PictureError { true } else { false }
        }
    }

    @Test("With ffmpeg pictures and videos are, and sounds and models are not")
    func with() {
        let renderer = PictureRenderer(ffmpeg: FFmpeg(program: "/nowhere/ffmpeg"))
        #expect([.gif, .avif, .mp4, .matroska].allSatisfy(renderer.canRender))
        #expect([.mp3, .flac, .safetensors].allSatisfy { !renderer.canRender($0) })
    }

    @Test("A program that cannot be started is a failure, not a crash")
    func notStarted() throws {
        let files = try TemporaryFolder()
        let gif = try files.write(Array("GIF89a\u{1}\0\u{1}\0\0\0\0".utf8), "a.gif")
        let renderer = PictureRenderer(ffmpeg: FFmpeg(program: "/nowhere/ffmpeg"))
        #expect {
            try renderer.thumbnail(of: gif, size: ThumbnailSize(square: 9))
        } throws: { error in
            if case .failed? = error as? PictureError { true } else { false }
        }
    }

    @Test("Only whole pictures of RGBA are read from a program")
    func pam() {
        let header = "P7\nWIDTH 1\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
        let pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(PAMPicture.decode(Array(header.utf8) + pixels)?.pixels == pixels)
        for bad in [
            [], Array("P7".utf8), Array(header.utf8), Array(header.utf8) + pixels.dropLast(),
            Array(header.utf8) + pixels + [9], Array(header.replacing("P7", with: "P6").utf8) + pixels,
            Array(header.replacing("DEPTH 4", with: "DEPTH 3").utf8) + pixels,
            Array(header.replacing("WIDTH 1", with: "WIDTH -1").utf8) + pixels,
            Array(String(repeating: "#\n", count: 9_000).utf8), [UInt8](repeating: 65, count: 9_000),
        ] {
            #expect(PAMPicture.decode(bad) == nil)
        }
    }
}
