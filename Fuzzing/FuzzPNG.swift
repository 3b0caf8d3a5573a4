/// Fuzz target for the fast way to decode PNG: it must show what libspng shows.
///
/// The first seven bytes are of the header: colour type, depth, width, height, what else the file has, and the size it
/// is decoded to; the rest are the rows, or with the highest bit of the fifth the compressed rows as they are. All sums
/// are right, so that what is tried is what comes after them.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPNG(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let data, count > 7 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    let bytes = file(input)
    guard let header = PictureDecoder.inspect(bytes).header else { return 0 }
    let full = (header.width, header.height)
    compare(bytes, header, full)
    let target = (1 + Int(input[5]) % header.width, 1 + Int(input[6]) % header.height)
    if target != full { compare(bytes, header, target) }
    return 0
}

/// Whatever the fast way shows, libspng shows too, and to the bit.
private func compare(_ bytes: [UInt8], _ header: PictureHeader, _ target: (width: Int, height: Int)) {
    let fast = bytes.withUnsafeBytes { PNGDecoder.decodeLawful($0, header, target) }
    let slow = try? PNGDecoder.decodeInRows(bytes, header, target)
    guard let fast else { return }
    precondition(fast.width == target.width && fast.height == target.height)
    precondition(fast.pixels.count == 4 * fast.width * fast.height)
    guard let slow else { preconditionFailure("only the fast way decodes it") }
    precondition(fast.pixels == slow.pixels, "the pixels differ")
}

private let kinds: [(colour: UInt8, depths: [UInt8])] = [
    (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
]

private func file(_ input: [UInt8]) -> [UInt8] {
    let (colour, depths) = kinds[Int(input[0]) % kinds.count]
    let depth = depths[Int(input[1]) % depths.count]
    let body = Array(input[7...])
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    chunk(
        "IHDR",
        big(1 + UInt32(input[2]) % 64) + big(1 + UInt32(input[3]) % 64) + [depth, colour, 0, 0, input[4] >> 4 & 1],
        &bytes
    )
    if colour == 3 || input[4] & 1 != 0 {
        let colours = min(1 << Int(min(depth, 8)), 1 + Int(input[4] >> 2 & 3) * 85)
        chunk("PLTE", (0..<3 * colours).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ Int(input[5])) }, &bytes)
    }
    if input[4] & 2 != 0 {
        let samples = colour == 2 ? 3 : 1
        let clear = colour == 3 ? [input[6], 255, 0] : (0..<2 * samples).map { $0 % 2 == 0 ? 0 : input[6] & 3 }
        chunk("tRNS", clear, &bytes)
    }
    if input[4] & 32 != 0 { chunk("tEXt", Array("a\0b".utf8), &bytes) }
    let packed = input[4] & 128 != 0 ? body : stored(body)
    let cut = input[4] & 64 != 0 ? packed.count / 2 : packed.count
    chunk("IDAT", Array(packed[..<cut]), &bytes)
    if cut < packed.count { chunk("IDAT", Array(packed[cut...]), &bytes) }
    chunk("IEND", [], &bytes)
    return bytes
}

/// Bytes in zlib's form (RFC 1950) without compression.
private func stored(_ body: [UInt8]) -> [UInt8] {
    let length = UInt16(min(body.count, 65_535))
    let kept = body.prefix(Int(length))
    var (first, second): (UInt32, UInt32) = (1, 0)
    for byte in kept {
        first = (first + UInt32(byte)) % 65_521
        second = (second + first) % 65_521
    }
    let size = [UInt8(length & 255), UInt8(length >> 8)]
    return [0x78, 0x01, 0x01] + size + size.map { ~$0 } + kept + big(second << 16 | first)
}

private func chunk(_ type: String, _ body: [UInt8], _ bytes: inout [UInt8]) {
    let typed = Array(type.utf8) + body
    bytes += big(UInt32(body.count)) + typed + big(checksum(typed))
}

/// The CRC-32 of PNG (W3C PNG, annex D), a bit at a time: not the one that is tried.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 {
            let isOdd = sum & 1 == 1
            sum >>= 1
            if isOdd { sum ^= 0xEDB8_8320 }
        }
    }
    return ~sum
}

private func big(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
