/// How large a picture may be before it is decoded.
package struct PictureLimits: Hashable, Sendable {
    /// Bytes of the file; it is read whole.
    package var bytes: Int
    /// Pixels of a picture that is decoded in rows, which costs no memory for each pixel.
    package var streamedPixels: Int
    /// Pixels of a picture that its decoder must hold whole: 4 to 6 bytes of memory a pixel.
    package var bufferedPixels: Int

    package init(
        bytes: Int = 256 * 1024 * 1024,
        streamedPixels: Int = 16384 * 16384,
        bufferedPixels: Int = 8192 * 8192
    ) {
        self.bytes = bytes
        self.streamedPixels = streamedPixels
        self.bufferedPixels = bufferedPixels
    }

    /// Throws ``PictureError/tooLarge(_:)`` when a picture has too many pixels.
    func check(_ header: PictureHeader) throws(PictureError) {
        let (pixels, overflow) = header.width.multipliedReportingOverflow(by: header.height)
        let limit = header.isBuffered ? bufferedPixels : streamedPixels
        guard !overflow, pixels <= limit else {
            throw .tooLarge("\(header.width) x \(header.height) pixels, at most \(limit) pixels are decoded")
        }
    }
}
