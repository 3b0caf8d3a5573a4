#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The bytes of a file as a parser of headers sees them: read where it asks, never all of it.
///
/// The first bytes lie in memory; what lies beyond is read from the file, at most ``farReadLimit`` reads in all, so
/// no header can make a parser wander through a large file. Every access past the end answers `nil`.
struct ByteSource {
    /// How many reads beyond the head one source makes before it answers `nil`.
    static let farReadLimit = 512

    private let head: UnsafeRawBufferPointer
    private let descriptor: Int32?
    /// The length of the whole file in bytes.
    let count: Int
    private var farReads = 0

    /// A source of bytes that are all in memory; `bytes` must outlive it.
    init(_ bytes: UnsafeRawBufferPointer) {
        head = bytes
        descriptor = nil
        count = bytes.count
    }

    /// A source whose first bytes are in `head`, which must outlive it; the others are read from `descriptor`.
    init(head: UnsafeRawBufferPointer, descriptor: Int32, count: Int) {
        self.head = head
        self.descriptor = descriptor
        self.count = count
    }

    /// The bytes at `offset`, or `nil` when not all of them are there.
    mutating func bytes(_ offset: Int, _ length: Int) -> [UInt8]? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        if length <= head.count - offset { return [UInt8](head[offset..<offset + length]) }
        guard let descriptor, length <= 1 << 20, farReads < Self.farReadLimit else { return nil }
        farReads += 1
        var result = [UInt8](repeating: 0, count: length)
        let got = result.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, length, off_t(offset)) }
        return got == length ? result : nil
    }

    /// One number of `size` bytes (1 to 8), or `nil` past the end.
    private mutating func number(_ offset: Int, _ size: Int, bigEndian: Bool) -> UInt64? {
        guard offset >= 0, offset <= count, size <= count - offset else { return nil }
        var value: UInt64 = 0
        if size <= head.count - offset {
            for index in 0..<size {
                let byte = UInt64(head[offset + index])
                value = bigEndian ? value << 8 | byte : value | byte << UInt64(8 * index)
            }
            return value
        }
        guard let bytes = bytes(offset, size) else { return nil }
        for index in 0..<size {
            value = bigEndian ? value << 8 | UInt64(bytes[index]) : value | UInt64(bytes[index]) << UInt64(8 * index)
        }
        return value
    }

    /// The byte at `offset`.
    mutating func byte(_ offset: Int) -> UInt8? { number(offset, 1, bigEndian: true).map { UInt8($0) } }

    /// The big-endian number of `size` bytes, at most 7 so that it fits, at `offset`.
    mutating func big(_ offset: Int, _ size: Int) -> Int? {
        number(offset, min(size, 7), bigEndian: true).flatMap { Int(exactly: $0) }
    }

    /// The big-endian number of 8 bytes at `offset`; `nil` also when an `Int` cannot hold it.
    mutating func big64(_ offset: Int) -> Int? { number(offset, 8, bigEndian: true).flatMap { Int(exactly: $0) } }

    /// The little-endian number of `size` bytes, at most 7 so that it fits, at `offset`.
    mutating func little(_ offset: Int, _ size: Int) -> Int? {
        number(offset, min(size, 7), bigEndian: false).flatMap { Int(exactly: $0) }
    }

    /// The little-endian number of 8 bytes at `offset`; `nil` also when an `Int` cannot hold it.
    mutating func little64(_ offset: Int) -> Int? { number(offset, 8, bigEndian: false).flatMap { Int(exactly: $0) } }

    /// Whether the ASCII text `text` stands at `offset`.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, text.utf8CodeUnitCount <= head.count - offset else { return false }
        for index in 0..<text.utf8CodeUnitCount where head[offset + index] != text.utf8Start[index] { return false }
        return true
    }
}
