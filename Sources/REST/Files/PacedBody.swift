import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Writes a body no faster than the client takes it.
///
/// Hummingbird's writer holds back once the connection's loop has found that the client does not keep up; until the
/// loop looks, it takes as much as it is given. This one lets the loop look at every piece: of a client that reads
/// nothing, `ahead` pieces lie in memory.
struct PacedBody: ResponseBodyWriter {
    /// What the loop has seen of the body.
    private final class Progress: Sendable {
        private struct State {
            /// Pieces that the loop has not looked at.
            var unseen = 0
            var waiting: CheckedContinuation<Void, Never>?
        }

        private let state = Mutex(State())

        func pieceWritten() { state.withLock { $0.unseen += 1 } }

        func pieceSeen() {
            state.withLock { state in
                state.unseen -= 1
                defer { state.waiting = nil }
                return state.waiting
            }?.resume()
        }

        /// Returns when there are fewer than `limit` that the loop has not seen.
        func wait(limit: Int) async {
            while state.withLock({ $0.unseen >= limit }) {
                await withCheckedContinuation { continuation in
                    let isSeen = state.withLock { state in
                        guard state.unseen >= limit else { return true }
                        state.waiting = continuation
                        return false
                    }
                    if isSeen { continuation.resume() }
                }
            }
        }
    }

    private var writer: any ResponseBodyWriter
    private let channel: any Channel
    private let ahead: Int
    private let progress = Progress()

    /// Writes to `writer`, which belongs to `channel`.
    init(_ writer: any ResponseBodyWriter, on channel: any Channel, ahead: Int) {
        self.writer = writer
        self.channel = channel
        self.ahead = ahead
    }

    /// Returns when it is time to make the next piece; throws when the client has gone.
    mutating func ready() async throws {
        await progress.wait(limit: ahead)
        // Writes nothing, and waits until there is room.
        if !channel.isWritable { try await writer.write(ByteBuffer()) }
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await writer.write(buffer)
        progress.pieceWritten()
        channel.eventLoop.execute { [progress] in progress.pieceSeen() }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        try await writer.finish(trailingHeaders)
    }
}
