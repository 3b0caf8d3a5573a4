@testable import Domain

/// Pictures for tests of the dialect.
enum IIBPicture {
    /// What an MP4 begins with, and nothing else: a video by its content that cannot be decoded.
    static let film = "\0\0\0\u{18}ftypisom\0\0\u{2}\0isomiso2"

    /// A WebP of noise, which is the same for the same sides: 200 x 200 is more than 64 KiB, 20 x 10 is less.
    static func noise(_ width: Int, _ height: Int) throws -> [UInt8] {
        var state: UInt64 = 88_172_645_463_325_252
        var pixels: [UInt8] = []
        for index in 0..<4 * width * height {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            pixels.append(index % 4 == 3 ? 255 : UInt8(truncatingIfNeeded: state))
        }
        guard let picture = Pixmap(width: width, height: height, pixels: pixels) else { throw Missing() }
        return try WebPPicture.encode(picture, quality: 100)
    }

    /// The sides of a WebP; `nil` for anything else.
    static func size(_ bytes: [UInt8]) -> String? {
        let (type, header) = PictureDecoder.inspect(bytes)
        guard type == .webp, let header else { return nil }
        return "\(header.width)x\(header.height)"
    }

    struct Missing: Error {}
}
