import CWebP

/// Decodes and encodes WebP through libwebp.
enum WebPPicture {
    /// Decodes a picture, made smaller by the library on the way; of an animation the first frame on its canvas.
    static func decode(
        _ bytes: [UInt8],
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        var features = WebPBitstreamFeatures()
        try check(WebPGetFeatures(bytes, bytes.count, &features))
        guard features.has_animation != 0 else {
            return try decodeStill(bytes, (header.width, header.height), target)
        }
        guard let frame = WebPFrame(firstOf: bytes) else { throw .corrupt("there is no frame") }
        return try frame.decode(on: (header.width, header.height), target)
    }

    /// Decodes a picture of the given size that does not move: a file, or the chunks of a frame.
    static func decodeStill(
        _ bytes: [UInt8],
        _ size: (width: Int, height: Int),
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        var config = WebPDecoderConfig()
        guard WebPInitDecoderConfig(&config) != 0 else { throw .failed("another version of libwebp") }
        try check(WebPGetFeatures(bytes, bytes.count, &config.input))
        guard config.input.has_animation == 0 else { throw .corrupt("an animation in an animation") }
        guard Int(config.input.width) == size.width, Int(config.input.height) == size.height else {
            throw .corrupt("the canvas and the picture differ in size")
        }
        if target.width < size.width || target.height < size.height {
            config.options.use_scaling = 1
            config.options.scaled_width = Int32(target.width)
            config.options.scaled_height = Int32(target.height)
            // Where several pixels become one, neither smoothing their blocks nor their colours can be seen.
            if 2 * target.width <= size.width, 2 * target.height <= size.height {
                config.options.bypass_filtering = 1
                config.options.no_fancy_upsampling = 1
            }
        }
        let stride = 4 * target.width
        let count = stride * target.height
        config.output.colorspace = MODE_RGBA
        config.output.is_external_memory = 1
        var status = VP8_STATUS_OK
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            buffer.initialize(repeating: 0)
            filled = count
            config.output.u.RGBA.rgba = buffer.baseAddress
            config.output.u.RGBA.stride = Int32(stride)
            config.output.u.RGBA.size = count
            status = WebPDecode(bytes, bytes.count, &config)
            WebPFreeDecBuffer(&config.output)
        }
        try check(status)
        guard let picture = Pixmap(width: target.width, height: target.height, pixels: pixels) else {
            throw .failed("the decoded size does not fit")
        }
        return picture
    }

    /// Encodes a picture with loss; alpha is kept, without loss, where there is any.
    ///
    /// `quality` is 0 to 100; `method` is how hard it tries, 0 to 6. Throws ``PictureError/failed(_:)`` for a picture
    /// over WebP's 16,383 pixels a side.
    static func encode(_ picture: Pixmap, quality: Float, method: Int32 = 4) throws(PictureError) -> [UInt8] {
        var config = WebPConfig()
        var coded = CWebP.WebPPicture()
        guard WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, quality) != 0, WebPPictureInit(&coded) != 0 else {
            throw .failed("another version of libwebp")
        }
        defer { WebPPictureFree(&coded) }
        config.method = method
        coded.width = Int32(clamping: picture.width)
        coded.height = Int32(clamping: picture.height)
        let stride = Int32(clamping: 4 * picture.width)
        let isTaken =
            picture.isOpaque
            ? WebPPictureImportRGBX(&coded, picture.pixels, stride)
            : WebPPictureImportRGBA(&coded, picture.pixels, stride)
        guard isTaken != 0 else { throw .failed("libwebp does not encode this picture") }
        var writer = WebPMemoryWriter()
        WebPMemoryWriterInit(&writer)
        defer { WebPMemoryWriterClear(&writer) }
        let isDone = withUnsafeMutablePointer(to: &writer) { writer in
            coded.writer = WebPMemoryWrite
            coded.custom_ptr = UnsafeMutableRawPointer(writer)
            return WebPEncode(&config, &coded)
        }
        guard isDone != 0 else { throw .failed("libwebp does not encode this picture") }
        return Array(UnsafeBufferPointer(start: writer.mem, count: writer.size))
    }

    private static func check(_ status: VP8StatusCode) throws(PictureError) {
        switch status {
        case VP8_STATUS_OK: return
        case VP8_STATUS_OUT_OF_MEMORY: throw .failed("no memory for the picture")
        case VP8_STATUS_UNSUPPORTED_FEATURE: throw .unsupported("a feature of WebP that libwebp does not know")
        case VP8_STATUS_NOT_ENOUGH_DATA: throw .corrupt("the file ends too early")
        default: throw .corrupt("libwebp refuses it (status \(status.rawValue))")
        }
    }
}
