import Domain
import Hummingbird
import NIOCore
import NIOPosix

/// Sends parts of files, with little memory however slow the client is.
enum FileBody {
    /// How many pieces are sent before it is known that the client takes the first.
    private static let ahead = 2

    /// The body of a part of the file at `path`, of the whole when `range` is `nil`.
    ///
    /// Throws 404 when the file cannot be read or does not go so far (any more), 503 when too many files are open. What
    /// fits into one piece is read at once.
    static func body(path: String, range: ClosedRange<Int>?, context: APIContext) async throws -> ResponseBody {
        let threads = NIOThreadPool.singleton
        let (pieces, whole) = try await threads.runIfActive { try begin(path, range) }
        if let whole { return ResponseBody(byteBuffer: whole) }
        return ResponseBody(contentLength: pieces.count) { writer in
            var paced = PacedBody(writer, on: context.channel, ahead: ahead)
            while true {
                let cached = pieces.readCached()
                let piece = if let cached { cached } else { try await threads.runIfActive { try pieces.read() } }
                guard piece.readableBytes > 0 else { break }
                try await paced.write(piece)
                try await paced.ready()
            }
            try await paced.finish(nil)
        }
    }

    /// Opens the file, and reads what is a single piece.
    private static func begin(_ path: String, _ range: ClosedRange<Int>?) throws -> (FilePieces, ByteBuffer?) {
        do {
            let file = try ReadFile(path: path)
            let range = range.map { $0.lowerBound..<($0.upperBound + 1) } ?? 0..<file.size
            guard range.upperBound <= file.size else { throw HTTPError(.notFound) }
            let pieces = FilePieces(file, range)
            guard pieces.count <= PieceBuffers.length else { return (pieces, nil) }
            let whole = try pieces.read()
            return (pieces, whole.readableBytes == pieces.count ? whole : nil)
        } catch let error as SystemError {
            throw HTTPError(error.isShortage ? .serviceUnavailable : .notFound)
        }
    }
}
