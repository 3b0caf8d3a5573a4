import NIOCore
import Synchronization

/// The memory of pieces of files on their way to clients.
///
/// A few are kept and used in turns, so that fast clients cost no new memory. All others go back to the system when
/// they have been sent or their client has gone.
enum PieceBuffers {
    /// Bytes of a piece at most.
    static let length = 128 << 10
    /// Bytes up to which a piece has memory of its size, which is not kept.
    private static let small = 32 << 10
    /// Bytes of all others; of these the C library gives the memory back to the system when they are let go.
    ///
    /// `MemoryTrim` sets the bound. Only the bytes of a piece are ever touched.
    private static let capacity = 256 << 10
    /// How many are kept: 4 MiB.
    private static let kept = 32

    /// What is kept, the one used longest ago first.
    ///
    /// One that is still being sent is left to whoever sends it.
    private static let buffers = Mutex(CircularBuffer<ByteBuffer>(initialCapacity: kept))

    /// A buffer of at most `count` bytes, which `fill` writes into what it gets and says how many there are.
    static func filled<Failure: Error>(
        _ count: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> ByteBuffer {
        guard count > small else {
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            try Self.fill(&buffer, count, fill)
            return buffer
        }
        var buffer = buffers.withLock { $0.count < kept ? nil : $0.removeFirst() } ?? fresh()
        buffer.clear()
        try Self.fill(&buffer, count, fill)
        buffers.withLock { if $0.count < kept { $0.append(buffer) } }
        return buffer
    }

    private static func fresh() -> ByteBuffer { ByteBufferAllocator().buffer(capacity: capacity) }

    /// Works in place: nobody else may hold the buffer, or it would be copied.
    private static func fill<Failure: Error>(
        _ buffer: inout ByteBuffer,
        _ count: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        var result = Result<Int, Failure>.success(0)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            do throws(Failure) {
                let got = try fill(UnsafeMutableRawBufferPointer(rebasing: room[..<count]))
                result = .success(got)
                return got
            } catch {
                result = .failure(error)
                return 0
            }
        }
        _ = try result.get()
    }
}
