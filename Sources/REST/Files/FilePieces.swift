import Domain
import NIOCore
import Synchronization

/// A part of a file as it is sent, piece by piece.
final class FilePieces: Sendable {
    /// Bytes of the whole part.
    let count: Int
    private let file: ReadFile
    private let end: Int
    /// Where the next piece begins.
    private let next: Mutex<Int>

    init(_ file: ReadFile, _ range: Range<Int>) {
        self.file = file
        count = range.count
        end = range.upperBound
        next = Mutex(range.lowerBound)
    }

    /// Reads the next piece, and waits for the disk.
    ///
    /// What is empty stands behind the last one, or where the file has become shorter. Throws ``SystemError``.
    func read() throws(SystemError) -> ByteBuffer {
        try next.withLock { next throws(SystemError) in
            let count = min(PieceBuffers.length, end - next)
            guard count > 0 else { return ByteBuffer() }
            let position = next
            let buffer = try PieceBuffers.filled(count) { room throws(SystemError) in
                try file.read(into: room, at: position)
            }
            next = buffer.readableBytes < count ? end : next + count
            return buffer
        }
    }

    /// The same without waiting: `nil` when the piece must be fetched from the disk.
    func readCached() -> ByteBuffer? {
        next.withLock { next in
            let count = min(PieceBuffers.length, end - next)
            guard count > 0 else { return ByteBuffer() }
            let position = next
            let buffer = PieceBuffers.filled(count) { room in file.readCached(into: room, at: position) ?? 0 }
            guard buffer.readableBytes == count else { return nil }
            next += count
            return buffer
        }
    }
}
