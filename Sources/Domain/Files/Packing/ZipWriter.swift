/// Writes the structure of a ZIP archive around data that passes by, so that nothing need be known before it is read
/// (PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3).
///
/// Without I/O: calls answer the bytes that come next, and whoever writes an entry's data says how much it was. Names
/// are UTF-8 (bit 11), sizes and checksums follow the data (bit 3). Sizes, offsets and counts that need it are ZIP64.
struct ZipWriter {
    /// What is known of an entry before its data.
    struct Entry {
        /// The name in the archive; at most 65,535 bytes.
        var name: [UInt8]
        /// How many bytes there will be; decides on ZIP64.
        var size: Int
        var modified: ZipTime
        var isDeflated: Bool
    }

    /// What is known after the data.
    struct Sums {
        var crc: UInt32 = 0
        var size = 0
        var packedSize = 0
    }

    /// Sizes from here on are taken to need ZIP64; below lies room for what does not shrink.
    private static let largeSize = 0xFFF0_0000
    private static let limit32 = 0xFFFF_FFFF
    private static let limit16 = 0xFFFF

    /// How many bytes the archive has so far, data included.
    private(set) var offset = 0
    private var directory: [UInt8] = []
    private var count = 0
    private var current: (entry: Entry, offset: Int)?

    /// Begins an entry; answers its header.
    mutating func begin(_ entry: Entry) -> [UInt8] {
        current = (entry, offset)
        let isLarge = Self.isLarge(entry)
        var bytes: [UInt8] = []
        Self.put(0x0403_4B50, 4, &bytes)
        Self.put(isLarge ? 45 : 20, 2, &bytes)
        Self.putFacts(entry, Sums(), isLarge ? Self.limit32 : 0, isLarge ? Self.limit32 : 0, &bytes)
        Self.put(isLarge ? 20 : 0, 2, &bytes)
        bytes += entry.name
        if isLarge {
            Self.put(1, 2, &bytes)
            Self.put(16, 2, &bytes)
            Self.put(0, 8, &bytes)
            Self.put(0, 8, &bytes)
        }
        offset += bytes.count
        return bytes
    }

    /// Ends the entry whose data has been written; answers what follows it.
    mutating func end(_ sums: Sums) -> [UInt8] {
        guard let (entry, start) = current else { return [] }
        current = nil
        offset += sums.packedSize
        let isLarge = Self.isLarge(entry)
        var bytes: [UInt8] = []
        Self.put(0x0807_4B50, 4, &bytes)
        Self.put(Int(sums.crc), 4, &bytes)
        Self.put(sums.packedSize, isLarge ? 8 : 4, &bytes)
        Self.put(sums.size, isLarge ? 8 : 4, &bytes)
        offset += bytes.count
        count += 1
        list(entry, sums, at: start)
        return bytes
    }

    private mutating func list(_ entry: Entry, _ sums: Sums, at start: Int) {
        var extra: [UInt8] = []
        for value in [sums.size, sums.packedSize, start] where value >= Self.limit32 { Self.put(value, 8, &extra) }
        let needs45 = !extra.isEmpty || Self.isLarge(entry)
        Self.put(0x0201_4B50, 4, &directory)
        // Made on Unix, whose permission bits stand below.
        Self.put(3 << 8 | (needs45 ? 45 : 20), 2, &directory)
        Self.put(needs45 ? 45 : 20, 2, &directory)
        Self.putFacts(entry, sums, min(sums.packedSize, Self.limit32), min(sums.size, Self.limit32), &directory)
        Self.put(extra.isEmpty ? 0 : extra.count + 4, 2, &directory)
        Self.put(0, 6, &directory)
        Self.put(0o100644 << 16, 4, &directory)
        Self.put(min(start, Self.limit32), 4, &directory)
        directory += entry.name
        guard !extra.isEmpty else { return }
        Self.put(1, 2, &directory)
        Self.put(extra.count, 2, &directory)
        directory += extra
    }

    /// Ends the archive; answers its directory.
    mutating func finish() -> [UInt8] {
        var bytes = directory
        let size = directory.count
        if count >= Self.limit16 || size >= Self.limit32 || offset >= Self.limit32 {
            let end = offset + size
            Self.put(0x0606_4B50, 4, &bytes)
            Self.put(44, 8, &bytes)
            Self.put(3 << 8 | 45, 2, &bytes)
            Self.put(45, 2, &bytes)
            Self.put(0, 8, &bytes)
            Self.put(count, 8, &bytes)
            Self.put(count, 8, &bytes)
            Self.put(size, 8, &bytes)
            Self.put(offset, 8, &bytes)
            Self.put(0x0706_4B50, 4, &bytes)
            Self.put(0, 4, &bytes)
            Self.put(end, 8, &bytes)
            Self.put(1, 4, &bytes)
        }
        Self.put(0x0605_4B50, 4, &bytes)
        Self.put(0, 4, &bytes)
        Self.put(min(count, Self.limit16), 2, &bytes)
        Self.put(min(count, Self.limit16), 2, &bytes)
        Self.put(min(size, Self.limit32), 4, &bytes)
        Self.put(min(offset, Self.limit32), 4, &bytes)
        Self.put(0, 2, &bytes)
        offset += bytes.count
        return bytes
    }

    private static func isLarge(_ entry: Entry) -> Bool { entry.size >= largeSize }

    /// What headers before the data and in the directory share, up to the length of the name.
    private static func putFacts(
        _ entry: Entry,
        _ sums: Sums,
        _ packedSize: Int,
        _ size: Int,
        _ bytes: inout [UInt8]
    ) {
        put(0x0808, 2, &bytes)
        put(entry.isDeflated ? 8 : 0, 2, &bytes)
        put(Int(entry.modified.time), 2, &bytes)
        put(Int(entry.modified.date), 2, &bytes)
        put(Int(sums.crc), 4, &bytes)
        put(packedSize, 4, &bytes)
        put(size, 4, &bytes)
        put(entry.name.count, 2, &bytes)
    }

    private static func put(_ value: Int, _ count: Int, _ bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
