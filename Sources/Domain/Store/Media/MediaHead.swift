/// The newest rows of the index, in the order of dates, as one version of the database has them.
///
/// Most searches find a page among the newest files. Read from the table, each of these rows costs a descent of its
/// tree, over and over for the same ones; from here, none.
final class MediaHead: Sendable {
    /// How much is kept: rows, and bytes of their names and texts.
    struct Limit {
        var rows = 1024
        var bytes = 786_432
    }

    fileprivate struct Entry {
        var key: MediaKey
        var size: Int
        var directory: Int
        var kind: UInt8
        /// Where the name begins, the text begins, and the text ends.
        var name: UInt32
        var text: UInt32
        var end: UInt32
    }

    private let entries: [Entry]
    private let bytes: [UInt8]
    /// Whether the index has no other rows.
    let isWhole: Bool

    /// Reads the newest rows, as many as the limit allows.
    init(_ reading: MediaReading, limit: Limit = Limit()) throws {
        typealias Column = MediaReading.Column
        var entries: [Entry] = []
        var bytes: [UInt8] = []
        let rows = try reading.newest(upTo: .newest, notBefore: .min)
        var isWhole = false
        while true {
            guard try rows.step() else {
                isWhole = true
                break
            }
            let (name, text) = (rows.bytes(Column.name), rows.bytes(Column.text))
            guard entries.count < limit.rows, bytes.count + name.count + text.count <= limit.bytes else { break }
            let start = UInt32(bytes.count)
            bytes.append(contentsOf: name)
            bytes.append(contentsOf: text)
            entries.append(
                Entry(
                    key: MediaKey(date: rows.int(Column.date), id: rows.int(Column.file)),
                    size: rows.int(Column.size),
                    directory: rows.int(Column.directory),
                    kind: UInt8(truncatingIfNeeded: rows.int(Column.kind)),
                    name: start,
                    text: start + UInt32(name.count),
                    end: UInt32(bytes.count)
                )
            )
        }
        rows.reset()
        self.entries = entries
        self.bytes = bytes
        self.isWhole = isWhole
    }

    /// How many rows there are.
    var count: Int { entries.count }

    /// The key of the last row; `nil` when there is none.
    var last: MediaKey? { entries.last?.key }

    /// The place of the first row at or below a key.
    func place(of key: MediaKey) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key > key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Calls `body` with the rows from a place on, one after the other, until it answers `false`; answers the place of
    /// the row after the last one that it was called with.
    @inline(__always)
    func read(from place: Int, _ body: (Row) throws -> Bool) rethrows -> Int {
        try bytes.withUnsafeBytes { bytes in
            for index in place..<max(place, entries.count) {
                guard try body(Row(entry: entries[index], all: bytes)) else { return index + 1 }
            }
            return entries.count
        }
    }

    /// One of the rows; it has the columns up to the text, and NULL in all others.
    struct Row: MediaRow {
        fileprivate let entry: Entry
        fileprivate let all: UnsafeRawBufferPointer

        var key: MediaKey { entry.key }

        func int(_ column: Int32) -> Int {
            switch column {
            case MediaReading.Column.file: entry.key.id
            case MediaReading.Column.date: entry.key.date
            case MediaReading.Column.kind: Int(entry.kind)
            case MediaReading.Column.directory: entry.directory
            case MediaReading.Column.size: entry.size
            default: 0
            }
        }

        func double(_ column: Int32) -> Double { 0 }

        func isNull(_ column: Int32) -> Bool { column > MediaReading.Column.text }

        func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
            switch column {
            case MediaReading.Column.name: part(entry.name, entry.text)
            case MediaReading.Column.text: part(entry.text, entry.end)
            default: UnsafeRawBufferPointer(start: nil, count: 0)
            }
        }

        private func part(_ start: UInt32, _ end: UInt32) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: all[Int(start)..<Int(end)])
        }
    }
}
