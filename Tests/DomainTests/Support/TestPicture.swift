import CTurboJPEG

@testable import Domain

/// Small pictures of known pixels, encoded for tests.
enum TestPicture {
    /// A picture whose pixels tell where they are: red grows to the right, green downwards, blue is `blue`.
    static func pixmap(_ width: Int, _ height: Int, blue: UInt8 = 40, alpha: UInt8 = 255) throws -> Pixmap {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                pixels += [
                    UInt8(x * 255 / max(1, width - 1)), UInt8(y * 255 / max(1, height - 1)), blue, alpha,
                ]
            }
        }
        return try require(Pixmap(width: width, height: height, pixels: pixels))
    }

    static func webP(_ width: Int, _ height: Int, blue: UInt8 = 40, alpha: UInt8 = 255) throws -> [UInt8] {
        try WebPPicture.encode(pixmap(width, height, blue: blue, alpha: alpha), quality: 90)
    }

    /// A PNG of 8-bit RGBA; `blue` makes different contents of the same size.
    static func png(_ width: Int, _ height: Int, blue: UInt8 = 40, alpha: UInt8 = 255) throws -> [UInt8] {
        let picture = try pixmap(width, height, blue: blue, alpha: alpha)
        var rows: [UInt8] = []
        for y in 0..<height { rows += [0] + picture.pixels[4 * width * y..<4 * width * (y + 1)] }
        return png(width, height, depth: 8, colour: 6, rows: rows)
    }

    /// A PNG of the given rows, each with its filter byte, in stored deflate blocks.
    static func png(
        _ width: Int,
        _ height: Int,
        depth: UInt8,
        colour: UInt8,
        rows: [UInt8],
        chunks: [(String, [UInt8])] = []
    ) -> [UInt8] {
        var data: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: rows.count, by: 65535) {
            let block = rows[start..<min(start + 65535, rows.count)]
            let isLast = start + 65535 >= rows.count
            data += [isLast ? 1 : 0] + little(block.count, 2) + little(~block.count & 0xFFFF, 2) + block
        }
        var (a, b) = (1, 0)
        for byte in rows {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        data += big(b << 16 | a, 4)
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", big(width, 4) + big(height, 4) + [depth, colour, 0, 0, 0])
        for (name, body) in chunks { file += chunk(name, body) }
        return file + chunk("IDAT", data) + chunk("IEND", [])
    }

    /// A JPEG, with an Exif orientation when one is named.
    static func jpeg(_ width: Int, _ height: Int, blue: UInt8 = 40, orientation: UInt8? = nil) throws -> [UInt8] {
        let picture = try pixmap(width, height, blue: blue)
        let handle = try require(tjInitCompress())
        defer { tjDestroy(handle) }
        var output: UnsafeMutablePointer<UInt8>?
        var length: UInt = 0
        let format = Int32(bitPattern: UInt32(TJPF_RGBA.rawValue))
        let sampling = Int32(bitPattern: UInt32(TJSAMP_444.rawValue))
        _ = tjCompress2(
            handle,
            picture.pixels,
            Int32(width),
            0,
            Int32(height),
            format,
            &output,
            &length,
            sampling,
            95,
            0
        )
        let start = try require(output)
        defer { tjFree(start) }
        var file = Array(UnsafeBufferPointer(start: start, count: Int(length)))
        if let orientation {
            let body = Array("Exif\0\0".utf8) + exif(orientation: orientation)
            file.insert(contentsOf: [0xFF, 0xE1] + big(body.count + 2, 2) + body, at: 2)
        }
        return file
    }

    /// A TIFF structure of one entry, the orientation.
    static func exif(orientation: UInt8) -> [UInt8] {
        Array("MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    }

    static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let typed = Array(name.utf8) + body
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in typed {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return big(body.count, 4) + typed + big(Int(~crc), 4)
    }

    static func big(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * (size - 1 - $0))) }
    }

    static func little(_ value: Int, _ size: Int) -> [UInt8] { big(value, size).reversed() }

    struct Missing: Error {}

    static func require<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }
}
