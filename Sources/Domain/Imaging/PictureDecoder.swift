/// Decodes a picture to a size that fits into a box, never larger than it is.
package enum PictureDecoder {
    /// Decodes the picture in `bytes`, made smaller so that its longer side is at most `side`, and turned upright.
    ///
    /// As ``decode(_:size:limits:)``.
    package static func decode(
        _ bytes: [UInt8],
        side: Int,
        limits: PictureLimits = PictureLimits()
    ) throws(PictureError) -> Pixmap {
        try decode(bytes, size: ThumbnailSize(square: side), limits: limits)
    }

    /// Decodes the picture in `bytes`, turned upright and made smaller so that it fits into `size`.
    ///
    /// The format is told by the bytes. Throws ``PictureError``; no input makes it crash or exceed `limits`.
    package static func decode(
        _ bytes: [UInt8],
        size: ThumbnailSize,
        limits: PictureLimits = PictureLimits()
    ) throws(PictureError) -> Pixmap {
        guard bytes.count <= limits.bytes else { throw .tooLarge("\(bytes.count) bytes") }
        let (type, header) = inspect(bytes)
        guard let type else { throw .unsupported("the format is not known") }
        guard type.isDecodable else { throw .unsupported(type.rawValue) }
        guard let header else { throw .corrupt("the header") }
        try limits.check(header)
        let target = fit(header, size)
        let picture: Pixmap =
            switch type {
            case .jpeg: try JPEGDecoder.decode(bytes, header, target)
            case .png: try PNGDecoder.decode(bytes, header, target)
            default: try WebPPicture.decode(bytes, header, target)
            }
        return picture.oriented(header.orientation)
    }

    /// What the first bytes say: the type and the header.
    package static func inspect(_ bytes: [UInt8]) -> (type: MediaType?, header: PictureHeader?) {
        bytes.withUnsafeBytes { bytes in
            let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(MediaType.headLength))
            guard let type = MediaType(head: head, size: bytes.count) else { return (nil, nil) }
            var source = ByteSource(bytes)
            return (type, PictureHeader(&source, type: type))
        }
    }

    /// The size as stored of a picture that fits into `size` when it is upright.
    static func fit(_ header: PictureHeader, _ size: ThumbnailSize) -> (width: Int, height: Int) {
        (header.orientation.swapsSides ? size.turned : size).fit(width: header.width, height: header.height)
    }

    /// Scales rows that lie in memory.
    static func scale(
        _ rows: [UInt8],
        from source: (width: Int, height: Int),
        to target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        let size = (width: min(target.width, source.width), height: min(target.height, source.height))
        guard var scaler = BoxScaler(from: source, to: size), rows.count >= 4 * source.width * source.height else {
            throw .failed("the decoded size does not fit")
        }
        rows.withUnsafeBytes { rows in
            for y in 0..<source.height {
                scaler.add(UnsafeRawBufferPointer(rebasing: rows[4 * source.width * y..<4 * source.width * (y + 1)]))
            }
        }
        guard let picture = scaler.finish() else { throw .failed("rows are missing") }
        return picture
    }
}
