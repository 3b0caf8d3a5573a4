/// The compressors and decompressors that the connections of one event loop share.
///
/// A connection whose agreement forbids context takeover needs zlib's state only while a message is under
/// way, so a handful of states serves them all. Confined to its loop; one instance a loop.
package final class DeflateContexts {
    /// How every compressor compresses, and what is worth it.
    package let settings: PerMessageDeflate.Settings

    /// Decompressors with the largest window, which reads data made with any.
    private var idleInflaters: [Inflater] = []
    /// Compressors by window bits, from 9 on.
    private var deflaters: [Deflater?] = Array(repeating: nil, count: 7)
    /// The last compressed message.
    private var output = AssemblyBuffer()
    /// Where decompressed bytes go that are only counted.
    private var discard = AssemblyBuffer()

    /// How many bytes are decompressed at a time beyond a message's limit.
    static let chunk = 16 << 10
    /// Larger output memory is not kept between messages.
    private static let keptOutput = 256 << 10
    private static let keptInflaters = 4

    /// An empty pool: zlib states are made when first needed.
    package init(settings: PerMessageDeflate.Settings = PerMessageDeflate.Settings()) {
        self.settings = settings
    }

    /// Compresses a message so that every connection whose agreement gives us `windowBits` or more can read it.
    ///
    /// Returns a whole frame payload, to be sent with RSV1. A connection that takes its context over must be
    /// told by `WebSocketConnection.sharedFrameSent`.
    package func compressShared(_ payload: UnsafeRawBufferPointer, windowBits: Int) -> [UInt8] {
        [UInt8](compress(payload, windowBits: windowBits))
    }

    /// As `compressShared`, into memory that is valid until the next call.
    func compress(_ payload: UnsafeRawBufferPointer, windowBits: Int) -> UnsafeRawBufferPointer {
        // A window larger than the message finds nothing more and costs more to clear.
        var bits = 9
        while bits < windowBits, 1 << bits < payload.count { bits += 1 }
        let deflater: Deflater
        if let kept = deflaters[bits - 9] {
            deflater = kept
            deflater.reset()
        } else {
            deflater = makeDeflater(windowBits: bits)
            deflaters[bits - 9] = deflater
        }
        return compress(payload, with: deflater)
    }

    /// Compresses with a connection's own compressor, into memory that is valid until the next call.
    func compress(_ payload: UnsafeRawBufferPointer, with deflater: Deflater) -> UnsafeRawBufferPointer {
        if output.capacity > Self.keptOutput { output.release() }
        deflater.compress(payload, into: &output)
        return output.bytes
    }

    /// A compressor whose hash table fits its window.
    func makeDeflater(windowBits: Int) -> Deflater {
        Deflater(
            windowBits: windowBits,
            level: settings.level,
            memoryLevel: min(settings.memoryLevel, max(1, windowBits - 6))
        )
    }

    /// Lends a decompressor without history, for one message.
    func borrowInflater() -> Inflater {
        guard let inflater = idleInflaters.popLast() else { return Inflater(windowBits: 15) }
        inflater.reset()
        return inflater
    }

    /// Takes a lent decompressor back.
    func giveBack(_ inflater: Inflater) {
        if idleInflaters.count < Self.keptInflaters { idleInflaters.append(inflater) }
    }

    /// Runs one step of the decompressor and shows its output, which is not kept.
    func discardStep(
        _ inflater: Inflater
    ) throws(ProtocolFailure) -> (bytes: UnsafeRawBufferPointer, isDrained: Bool) {
        let target = discard.room(for: Self.chunk, limit: Self.chunk)
        let (produced, isDrained) = try inflater.step(into: target, room: Self.chunk)
        return (UnsafeRawBufferPointer(start: target, count: produced), isDrained)
    }
}
