import GRDB
import Synchronization

/// The absolute paths of the library's directories by their ids, as of one version of the store.
final class MediaDirectories: Sendable {
    fileprivate let version: Int
    /// All paths, each with a slash at its end, one after the other.
    private let bytes: [UInt8]
    /// By the directory's id: where its path begins and ends; equal where there is no such directory.
    private let places: [(start: UInt32, end: UInt32)]

    fileprivate init(version: Int, bytes: [UInt8], places: [(start: UInt32, end: UInt32)]) {
        self.version = version
        self.bytes = bytes
        self.places = places
    }

    /// One more than the greatest id.
    var endID: Int { places.count }

    /// Calls `body` with the path of a directory, with a slash at its end; an empty one when there is no such.
    @inline(__always)
    func withPath<Value, Failure>(
        of id: Int,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard id >= 0, id < places.count else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        let place = places[id]
        return try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
            try body(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[Int(place.start)..<Int(place.end)])
            )
        }
    }

    /// The absolute path of a file of a directory.
    func path(of id: Int, name: UnsafeRawBufferPointer) -> String {
        withPath(of: id) { folder in
            String(unsafeUninitializedCapacity: folder.count + name.count) { target in
                let target = UnsafeMutableRawBufferPointer(target)
                target.copyBytes(from: folder)
                UnsafeMutableRawBufferPointer(rebasing: target[folder.count...]).copyBytes(from: name)
                return folder.count + name.count
            }
        }
    }

    /// The absolute path of a directory, without a slash at its end; `nil` when there is no such.
    func path(of id: Int) -> String? {
        withPath(of: id) { path in
            path.isEmpty ? nil : path.count == 1 ? "/" : String(decoding: path.dropLast(), as: UTF8.self)
        }
    }

    /// Whether a directory lies at or below one of the folders, each absolute and without a slash at its end.
    func lies(_ id: Int, in folders: [[UInt8]]) -> Bool {
        withPath(of: id) { path in
            folders.contains { folder in
                path.count > folder.count && path.starts(with: folder) && path[folder.count] == UInt8(ascii: "/")
            }
        }
    }
}

/// Keeps the paths of the directories until they change.
final class MediaDirectoryCache: Sendable {
    private let kept = Mutex<MediaDirectories?>(nil)

    /// The directories as the transaction sees them.
    func directories(_ database: Database) throws -> MediaDirectories {
        let state = try MediaStatement(
            cached: "SELECT number, (SELECT max(id) FROM directory) FROM directory_version",
            database
        )
        guard try state.step() else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        let (version, end) = (state.int(0), state.int(1) + 1)
        if let kept = kept.withLock({ $0 }), kept.version == version, kept.endID >= end { return kept }
        let read = try Self.read(database, version: version, end: end)
        kept.withLock { kept in
            // An older snapshot must not displace a newer one.
            if (kept?.version ?? -1, kept?.endID ?? 0) < (version, end) { kept = read }
        }
        return read
    }

    private static func read(_ database: Database, version: Int, end: Int) throws -> MediaDirectories {
        var bytes: [UInt8] = []
        var places = [(start: UInt32, end: UInt32)](repeating: (0, 0), count: end)
        let rows = try MediaStatement(
            cached: """
                SELECT directory.id, library_root.path, directory.path
                FROM directory JOIN library_root ON library_root.id = directory.root
                """,
            database
        )
        while try rows.step() {
            let start = bytes.count
            for column: Int32 in [1, 2] {
                let part = rows.bytes(column)
                bytes.append(contentsOf: part)
                if !part.isEmpty, part.last != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
            }
            places[rows.int(0)] = (UInt32(clamping: start), UInt32(clamping: bytes.count))
        }
        return MediaDirectories(version: version, bytes: bytes, places: places)
    }
}
