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
    /// How many bytes one access may ask for that are not in memory.
    static let farLengthLimit = 8 << 20
    /// How many bytes are read at once when a few are asked for: what stands beside them is often asked for next.
    private static let windowLength = 4096

    private let head: UnsafeRawBufferPointer
    private let descriptor: Int32?
    /// The length of the whole file in bytes.
    let count: Int
    private(set) var farReads = 0
    /// The bytes from ``windowStart`` on that were read last.
    private var window: [UInt8] = []
    private var windowStart = 0
    /// What a parser found by many reads, for the next that asks: where a run of things alike ends, by where it begins.
    var runs: [Int: Int] = [:]

    /// Whether it has made all of its reads, so that what it answers may be less than what is there.
    var isExhausted: Bool { farReads >= Self.farReadLimit }

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
    mutating func bytes(_ offset: Int, _ length: Int) -> [UInt8]? { withBytes(offset, length) { [UInt8]($0) } }

    /// Calls `body` with the bytes at `offset`, which are copied only when they lie beyond the head.
    ///
    /// Answers `nil` without calling it when not all of them are there, or too many of them beyond the head.
    mutating func withBytes<Result>(
        _ offset: Int,
        _ length: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        if length <= head.count - offset {
            return try body(UnsafeRawBufferPointer(rebasing: head[offset..<offset + length]))
        }
        if length <= Self.windowLength {
            guard load(offset, length) else { return nil }
            let start = offset - windowStart
            return try window.withUnsafeBytes {
                try body(UnsafeRawBufferPointer(rebasing: $0[start..<start + length]))
            }
        }
        guard length <= Self.farLengthLimit, let bytes = read(offset, length), bytes.count == length else { return nil }
        return try bytes.withUnsafeBytes(body)
    }

    /// Sees to it that the window holds `length` bytes at `offset`; `false` when they cannot be had.
    private mutating func load(_ offset: Int, _ length: Int) -> Bool {
        if offset >= windowStart, offset + length <= windowStart + window.count { return true }
        guard let bytes = read(offset, min(Self.windowLength, count - offset)), bytes.count >= length else {
            return false
        }
        window = bytes
        windowStart = offset
        return true
    }

    /// Reads from the file; fewer bytes than asked for when it has become shorter.
    private mutating func read(_ offset: Int, _ length: Int) -> [UInt8]? {
        guard let descriptor, farReads < Self.farReadLimit else { return nil }
        farReads += 1
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            filled = max(0, pread(descriptor, buffer.baseAddress, length, off_t(offset)))
        }
    }

    /// One number of `size` bytes (1 to 8), or `nil` past the end.
    private mutating func number(_ offset: Int, _ size: Int, bigEndian: Bool) -> UInt64? {
        guard offset >= 0, offset <= count, size <= count - offset else { return nil }
        if size <= head.count - offset { return Self.number(head, offset, size, bigEndian) }
        guard load(offset, size) else { return nil }
        let start = offset - windowStart
        return window.withUnsafeBytes { Self.number($0, start, size, bigEndian) }
    }

    private static func number(
        _ bytes: UnsafeRawBufferPointer,
        _ offset: Int,
        _ size: Int,
        _ bigEndian: Bool
    ) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<size {
            let byte = UInt64(bytes[offset + index])
            value = bigEndian ? value << 8 | byte : value | byte << UInt64(8 * index)
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

    /// The big-endian number of 8 bytes at `offset`, as ``big64(_:)`` answers it, when nothing beside it will be asked for.
    ///
    /// What is not in memory is read alone, and what was read last stays.
    mutating func lone64(_ offset: Int) -> Int? {
        guard offset >= 0, offset <= count, 8 <= count - offset else { return nil }
        let isThere = 8 <= head.count - offset || offset >= windowStart && offset + 8 <= windowStart + window.count
        if isThere { return big64(offset) }
        guard let descriptor, farReads < Self.farReadLimit else { return nil }
        farReads += 1
        var value: UInt64 = 0
        let got = withUnsafeMutableBytes(of: &value) { pread(descriptor, $0.baseAddress, 8, off_t(offset)) }
        return got == 8 ? Int(exactly: UInt64(bigEndian: value)) : nil
    }

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
