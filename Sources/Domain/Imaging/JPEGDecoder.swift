import CTurboJPEG

/// Decodes JPEG through libjpeg-turbo, already made smaller by its inverse transform where that is possible.
enum JPEGDecoder {
    static func decode(
        _ bytes: [UInt8],
        _ header: PictureHeader,
        _ target: (width: Int, height: Int)
    ) throws(PictureError) -> Pixmap {
        guard let handle = tjInitDecompress() else { throw .failed("no memory for a JPEG decoder") }
        defer { tjDestroy(handle) }
        var width: Int32 = 0
        var height: Int32 = 0
        var sampling: Int32 = 0
        var space: Int32 = 0
        let length = UInt(bytes.count)
        guard tjDecompressHeader3(handle, bytes, length, &width, &height, &sampling, &space) == 0 else {
            throw .corrupt(message(handle))
        }
        // The limits were checked against our own reading of the header; the library must have read the same.
        guard Int(width) == header.width, Int(height) == header.height else {
            throw .corrupt("two frame headers that differ")
        }
        let size = smallest(width, height, target)
        let isCMYK = space == Int32(TJCS_CMYK.rawValue) || space == Int32(TJCS_YCCK.rawValue)
        let format = Int32(bitPattern: UInt32(isCMYK ? TJPF_CMYK.rawValue : TJPF_RGBA.rawValue))
        let count = 4 * Int(size.width) * Int(size.height)
        var failure: PictureError?
        var rows = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            buffer.initialize(repeating: 0)
            filled = count
            // TJFLAG_LIMITSCANS refuses progressive files with more than 500 scans, which only burn time.
            let result = tjDecompress2(
                handle,
                bytes,
                length,
                buffer.baseAddress,
                size.width,
                0,
                size.height,
                format,
                Int32(TJFLAG_LIMITSCANS)
            )
            if result != 0 {
                let text = message(handle)
                // Warnings of strange but whole files are no failure; a file that ends too early is.
                let isWarning = tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue)
                if !isWarning || text.contains("remature end") { failure = .corrupt(text) }
            }
        }
        if let failure { throw failure }
        if isCMYK { convert(&rows) }
        return try PictureDecoder.scale(rows, from: (Int(size.width), Int(size.height)), to: target)
    }

    /// The smallest size the library can decode to directly that is not below the target.
    private static func smallest(
        _ width: Int32,
        _ height: Int32,
        _ target: (width: Int, height: Int)
    ) -> (width: Int32, height: Int32) {
        // Eighths by halving are the ones the library does with vector instructions.
        for denominator in [8, 4, 2] as [Int32] {
            let scaled = (width: (width - 1) / denominator + 1, height: (height - 1) / denominator + 1)
            if Int(scaled.width) >= target.width, Int(scaled.height) >= target.height { return scaled }
        }
        return (width, height)
    }

    /// Turns CMYK as Adobe stores it, inverted, into RGBA.
    private static func convert(_ rows: inout [UInt8]) {
        for start in stride(from: 0, to: rows.count - 3, by: 4) {
            let black = Int(rows[start + 3])
            for index in start..<start + 3 { rows[index] = UInt8(Int(rows[index]) * black / 255) }
            rows[start + 3] = 255
        }
    }

    private static func message(_ handle: tjhandle) -> String {
        tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
    }
}
