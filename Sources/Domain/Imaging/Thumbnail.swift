/// The small form of a picture.
package enum Thumbnail {
    /// The longest side, in pixels.
    package static let side = 256
    /// WebP's quality, 0 to 100.
    package static let quality: Float = 80

    /// How hard the encoder tries, 0 to 6: each step costs time and saves bytes.
    static let method: Int32 = 0

    /// Makes the thumbnail of the picture in `bytes`: WebP, upright, fitting into `size`, never made larger.
    ///
    /// `size` is a square of ``side`` unless said. Throws ``PictureError``.
    package static func make(
        _ bytes: [UInt8],
        size: ThumbnailSize = ThumbnailSize(square: side),
        limits: PictureLimits = PictureLimits()
    ) throws(PictureError) -> [UInt8] {
        try encode(try PictureDecoder.decode(bytes, size: size, limits: limits))
    }

    /// A picture as WebP, of the quality of thumbnails.
    static func encode(_ picture: Pixmap) throws(PictureError) -> [UInt8] {
        try WebPPicture.encode(picture, quality: quality, method: method)
    }

    /// Whether `bytes` are a WebP as long as it says that it is: one that was written half is not.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 12, bytes.starts(with: Array("RIFF".utf8)),
            bytes[8..<12].elementsEqual(Array("WEBP".utf8))
        else { return false }
        let length = (4..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * ($1 - 4)) }
        return length + 8 == bytes.count
    }

    /// Whether `bytes` look like a thumbnail of the library that was made before.
    static func isThumbnail(_ bytes: [UInt8]) -> Bool {
        isWhole(bytes) && PictureDecoder.inspect(bytes).header.map { max($0.width, $0.height) <= side } ?? false
    }
}
