/// The small form of a picture.
package enum Thumbnail {
    /// The longest side, in pixels.
    package static let side = 256
    /// WebP's quality, 0 to 100.
    package static let quality: Float = 80

    /// Makes the thumbnail of the picture in `bytes`: WebP, upright, at most ``side`` pixels, never made larger.
    ///
    /// Throws ``PictureError``.
    package static func make(_ bytes: [UInt8], limits: PictureLimits = PictureLimits()) throws(PictureError) -> [UInt8]
    {
        try WebPPicture.encode(try PictureDecoder.decode(bytes, side: side, limits: limits), quality: quality)
    }

    /// Whether `bytes` look like a thumbnail that was made before.
    static func isThumbnail(_ bytes: [UInt8]) -> Bool {
        let (type, header) = PictureDecoder.inspect(bytes)
        // RIFF says how long the file is: a cut-off one shows.
        let length = bytes.count >= 8 ? (4..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * ($1 - 4)) } : 0
        return type == .webp && length + 8 == bytes.count
            && header.map { max($0.width, $0.height) <= side } ?? false
    }
}
