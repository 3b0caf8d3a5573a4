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
        let (type, header) = try checked(bytes, limits)
        return try decode(bytes, type, header, fit(header, size)).oriented(header.orientation)
    }

    /// A picture as it is stored, not turned upright.
    struct Stored {
        var picture: Pixmap
        var type: MediaType
        var header: PictureHeader
    }

    /// Decodes the picture in `bytes` as it is stored; one of more than `pixels` pixels is halved until it has no more.
    ///
    /// Throws as ``decode(_:size:limits:)``.
    static func decodeStored(
        _ bytes: [UInt8],
        pixels: Int,
        limits: PictureLimits = PictureLimits()
    ) throws(PictureError) -> Stored {
        let (type, header) = try checked(bytes, limits)
        var part = 1
        var size = (width: header.width, height: header.height)
        while size.width * size.height > pixels {
            part *= 2
            size = ((header.width - 1) / part + 1, (header.height - 1) / part + 1)
        }
        return Stored(picture: try decode(bytes, type, header, size), type: type, header: header)
    }

    /// What a picture is that may be decoded; throws when it may not.
    private static func checked(
        _ bytes: [UInt8],
        _ limits: PictureLimits
    ) throws(PictureError) -> (MediaType, PictureHeader) {
        guard bytes.count <= limits.bytes else { throw .tooLarge("\(bytes.count) bytes") }
        let (type, header) = inspect(bytes)
        guard let type else { throw .unsupported("the format is not known") }
        guard type.isDecodable else { throw .unsupported(type.rawValue) }
        guard let header else { throw .corrupt("the header") }
        try limits.check(header)
        return (type, header)
    }

    private static func decode(
        _ bytes: [UInt8],
        _ type: MediaType,
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        switch type {
        case .jpeg: try JPEGDecoder.decode(bytes, header, target)
        case .png: try PNGDecoder.decode(bytes, header, target)
        default: try WebPPicture.decode(bytes, header, target)
        }
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
        if size == source {
            guard let picture = Pixmap(width: size.width, height: size.height, pixels: rows) else {
                throw .failed("the decoded size does not fit")
            }
            return picture
        }
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
