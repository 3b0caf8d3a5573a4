import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Keeps what a response writes.
final class BodyCollector: ResponseBodyWriter {
    private let written = Mutex<[UInt8]>([])

    var bytes: [UInt8] { written.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        written.withLock { $0.append(contentsOf: buffer.readableBytesView) }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
