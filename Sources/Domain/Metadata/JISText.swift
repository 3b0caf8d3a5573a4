#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Japanese text as EXIF's comments hold it: JIS X 0208 with the escapes of ISO-2022-JP.
enum JISText {
    /// The most bytes that are decoded.
    private static let limit = 64 * 1024

    /// The text; `nil` when it is none, or the system has no table for it.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count <= limit, let table = iconv_open("UTF-8", "ISO-2022-JP"), Int(bitPattern: table) != -1 else {
            return nil
        }
        defer { iconv_close(table) }
        var output = [CChar](repeating: 0, count: 4 * bytes.count + 16)
        var (inputLeft, outputLeft) = (bytes.count, output.count)
        let isWhole = output.withUnsafeMutableBufferPointer { output in
            // The system does not write to its input, but its declaration does not say so.
            var input = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: CChar.self).baseAddress)
            var target = output.baseAddress
            return iconv(table, &input, &inputLeft, &target, &outputLeft) != -1
        }
        guard isWhole else { return nil }
        return String(decoding: output[..<(output.count - outputLeft)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
