/// How large a picture may be before it is decoded.
package struct PictureLimits: Hashable, Sendable {
    /// Bytes of the file; it is read whole.
    package var bytes: Int
    /// Pixels of a picture that is decoded in rows, which costs no memory for each pixel.
    package var streamedPixels: Int
    /// Pixels of a picture that its decoder must hold whole: 4 to 6 bytes of memory a pixel.
    package var bufferedPixels: Int
    /// Pixels of the longer side: even what is decoded in rows must hold some whole rows.
    package var side: Int

    package init(
        bytes: Int = 256 * 1024 * 1024,
        streamedPixels: Int = 16384 * 16384,
        bufferedPixels: Int = 8192 * 8192,
        side: Int = 131_072
    ) {
        self.bytes = bytes
        self.streamedPixels = streamedPixels
        self.bufferedPixels = bufferedPixels
        self.side = side
    }

    /// Throws ``PictureError/tooLarge(_:)`` when a picture has too many pixels or is too long.
    func check(_ header: PictureHeader) throws(PictureError) {
        guard max(header.width, header.height) <= side else {
            throw .tooLarge("\(header.width) x \(header.height) pixels, at most \(side) a side are decoded")
        }
        let (pixels, overflow) = header.width.multipliedReportingOverflow(by: header.height)
        let limit = header.isBuffered ? bufferedPixels : streamedPixels
        guard !overflow, pixels <= limit else {
            throw .tooLarge("\(header.width) x \(header.height) pixels, at most \(limit) pixels are decoded")
        }
    }
}
