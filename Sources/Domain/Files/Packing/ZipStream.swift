import CZlib
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// An archive of files that is made while it is read, a piece at a time: it takes no disk, and memory for one piece.
///
/// A file that is not as it was when the archive was asked for fails the stream, so that nobody takes a broken archive
/// for a whole one.
package final class ZipStream: Sendable {
    /// A file to be packed.
    struct Item: Sendable {
        /// Absolute and resolved.
        var path: String
        /// Its name in the archive.
        var name: String
        var node: FileNode
    }

    /// Bytes read at once.
    private static let piece = 256 << 10

    private struct State: ~Copyable {
        var writer = ZipWriter()
        var next = 0
        var current: OpenItem?
        var isFinished = false
    }

    private final class OpenItem {
        let descriptor: Int32
        let deflater: Deflater?
        var sums = ZipWriter.Sums()

        init(_ descriptor: Int32, _ deflater: Deflater?) {
            self.descriptor = descriptor
            self.deflater = deflater
        }

        deinit { close(descriptor) }
    }

    private let items: [Item]
    private let isDeflated: Bool
    private let threads: BlockingThreads
    private let state = Mutex(State())

    /// How many bytes the archive will have; `nil` when that is not known before, because it is compressed.
    package let length: Int?

    init(_ items: [Item], isDeflated: Bool, threads: BlockingThreads) {
        self.items = items
        self.isDeflated = isDeflated
        self.threads = threads
        guard !isDeflated else {
            length = nil
            return
        }
        var writer = ZipWriter()
        for item in items {
            _ = writer.begin(Self.entry(item, isDeflated: false))
            _ = writer.end(.init(crc: 0, size: item.node.size, packedSize: item.node.size))
        }
        _ = writer.finish()
        length = writer.offset
    }

    private static func entry(_ item: Item, isDeflated: Bool) -> ZipWriter.Entry {
        ZipWriter.Entry(
            name: Array(item.name.utf8),
            size: item.node.size,
            modified: ZipTime(secondsSince1970: FileTime.seconds(item.node.modified)),
            isDeflated: isDeflated
        )
    }

    /// The next bytes; `nil` after the last.
    ///
    /// Waits for the disk on a thread made for that. Throws ``FileError/system(_:)`` when a file cannot be read or has changed.
    package func next() async throws -> [UInt8]? {
        try await threads.run { try self.read() }
    }

    /// The same on the thread of the caller.
    func read() throws(FileError) -> [UInt8]? {
        do {
            return try state.withLock { state throws(SystemError) in
                // An empty piece would look like an end to some who read.
                while !state.isFinished {
                    let bytes = try step(&state)
                    if !bytes.isEmpty { return bytes }
                }
                return nil
            }
        } catch {
            throw .system(error)
        }
    }

    private func step(_ state: inout State) throws(SystemError) -> [UInt8] {
        if let current = state.current {
            let item = items[state.next - 1]
            let bytes = try Self.read(current, item)
            current.sums.size += bytes.count
            current.sums.crc = bytes.withUnsafeBufferPointer {
                UInt32(truncatingIfNeeded: crc32(UInt(current.sums.crc), $0.baseAddress, UInt32($0.count)))
            }
            guard current.sums.size <= item.node.size else { throw SystemError(code: ESTALE, action: item.path) }
            let isLast = bytes.isEmpty
            let packed = current.deflater?.deflate(bytes, isLast: isLast) ?? bytes
            current.sums.packedSize += packed.count
            guard isLast else { return packed }
            guard current.sums.size == item.node.size else { throw SystemError(code: ESTALE, action: item.path) }
            state.current = nil
            return packed + state.writer.end(current.sums)
        }
        guard state.next < items.count else {
            state.isFinished = true
            return state.writer.finish()
        }
        let item = items[state.next]
        state.current = try open(item)
        state.next += 1
        return state.writer.begin(Self.entry(item, isDeflated: isDeflated))
    }

    private func open(_ item: Item) throws(SystemError) -> OpenItem {
        let folder = try FolderHandle(of: item.path)
        let descriptor = openat(
            folder.descriptor,
            FolderPath.name(of: item.path),
            O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        )
        guard descriptor >= 0 else { throw SystemError(code: errno, action: item.path) }
        let deflater = isDeflated ? Deflater() : nil
        let open = OpenItem(descriptor, deflater)
        if isDeflated, deflater == nil { throw SystemError(code: ENOMEM, action: item.path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(code: errno, action: item.path) }
        let node = FileNode(status)
        guard node.kind == .file, node.size == item.node.size, node.modified == item.node.modified else {
            throw SystemError(code: ESTALE, action: item.path)
        }
        return open
    }

    private static func read(_ open: OpenItem, _ item: Item) throws(SystemError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: piece) { buffer, count in
            while true {
                #if canImport(Glibc)
                    let got = Glibc.read(open.descriptor, buffer.baseAddress, piece)
                #else
                    let got = Darwin.read(open.descriptor, buffer.baseAddress, piece)
                #endif
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                count = max(0, got)
                return
            }
        }
        guard code == 0 else { throw SystemError(code: code, action: item.path) }
        return bytes
    }
}
