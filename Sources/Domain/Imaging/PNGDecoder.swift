import CSPNG

/// Decodes PNG of all colour types: whole and lawful files by ISA-L, any others through libspng.
enum PNGDecoder {
    /// How many bytes a chunk that is no pixels may have; long workflows are text of a few megabytes.
    private static let chunkLimit = 64 * 1024 * 1024

    static func decode(
        _ bytes: [UInt8],
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        if let picture = bytes.withUnsafeBytes({ decodeLawful($0, header, target) }) { return picture }
        return try decodeInRows(bytes, header, target)
    }

    /// Decodes a whole and lawful file; `nil` for any other.
    static func decodeLawful(
        _ bytes: UnsafeRawBufferPointer,
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) -> Pixmap? {
        guard let image = PNGImage(bytes, header) else { return nil }
        if target == (header.width, header.height) {
            var pixels: [UInt8] = []
            pixels.reserveCapacity(4 * header.width * header.height)
            guard image.decode(bytes, { pixels.append(contentsOf: $0) }) else { return nil }
            return Pixmap(width: header.width, height: header.height, pixels: pixels)
        }
        guard
            var scaler = BoxScaler(from: (header.width, header.height), to: target),
            image.decode(bytes, { scaler.add($0) })
        else { return nil }
        return scaler.finish()
    }

    /// Decodes any file, or says what is wrong with it.
    static func decodeInRows(
        _ bytes: [UInt8],
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        guard let context = spng_ctx_new(0) else { throw .failed("no memory for a PNG decoder") }
        defer { spng_ctx_free(context) }
        var result: Result<Pixmap, PictureError> = .failure(.failed("nothing was decoded"))
        // The library keeps the pointer, so all of its work happens inside.
        bytes.withUnsafeBytes { bytes in
            do throws(PictureError) {
                result = .success(try decode(bytes, context, header, target))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    private static func decode(
        _ bytes: UnsafeRawBufferPointer,
        _ context: OpaquePointer,
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        try check(spng_set_image_limits(context, UInt32(header.width), UInt32(header.height)))
        try check(spng_set_chunk_limits(context, chunkLimit, chunkLimit))
        // What is not needed for the pixels may be wrong.
        try check(spng_set_crc_action(context, Int32(SPNG_CRC_ERROR.rawValue), Int32(SPNG_CRC_DISCARD.rawValue)))
        try check(spng_set_png_buffer(context, bytes.baseAddress, bytes.count))
        let format = Int32(SPNG_FMT_RGBA8.rawValue)
        let transparency = Int32(SPNG_DECODE_TRNS.rawValue)

        let width = 4 * header.width
        if header.isBuffered || target == (header.width, header.height) {
            var rows = [UInt8](repeating: 0, count: width * header.height)
            try check(spng_decode_image(context, &rows, rows.count, format, transparency))
            return try PictureDecoder.scale(rows, from: (header.width, header.height), to: target)
        }
        let progressive = Int32(SPNG_DECODE_PROGRESSIVE.rawValue)
        try check(spng_decode_image(context, nil, 0, format, transparency | progressive))
        guard var scaler = BoxScaler(from: (header.width, header.height), to: target) else {
            throw .failed("the size does not fit")
        }
        var row = [UInt8](repeating: 0, count: width)
        for _ in 0..<header.height {
            let code = spng_decode_row(context, &row, width)
            if code != Int32(SPNG_EOI.rawValue) { try check(code) }
            row.withUnsafeBytes { scaler.add($0) }
        }
        guard let picture = scaler.finish() else { throw .corrupt("rows are missing") }
        return picture
    }

    private static func check(_ code: Int32) throws(PictureError) {
        guard code != 0 else { return }
        let text = spng_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        switch code {
        case Int32(SPNG_EMEM.rawValue): throw .failed(text)
        case Int32(SPNG_EUSER_WIDTH.rawValue), Int32(SPNG_EUSER_HEIGHT.rawValue),
            Int32(SPNG_ECHUNK_LIMITS.rawValue), Int32(SPNG_EOVERFLOW.rawValue):
            throw .tooLarge(text)
        default: throw .corrupt(text)
        }
    }
}
