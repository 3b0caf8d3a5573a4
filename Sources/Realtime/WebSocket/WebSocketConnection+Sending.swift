extension WebSocketConnection {
    /// Writes a message, compressed if that was negotiated and makes it shorter.
    ///
    /// Messages below the threshold of `PerMessageDeflate.Settings` are not compressed. Returns false, and
    /// writes nothing, once a close frame has been sent (RFC 6455 §5.5.1) and for other opcodes than `text`
    /// and `binary`. That text is UTF-8 is the caller's duty.
    @discardableResult
    @inline(__always)
    package func send<Sink: ByteSink>(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        output: inout Sink
    ) -> Bool {
        guard state == .open, opcode == .text || opcode == .binary else { return false }
        if compression == nil || payload.count < contexts.settings.threshold || payload.count == 0 {
            writeFrame(opcode, payload, &output)
        } else {
            writeCompressed(opcode, payload, &output)
        }
        return true
    }

    private func writeCompressed<Sink: ByteSink>(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        _ output: inout Sink
    ) {
        guard let compression, payload.count <= Int(Int32.max) else {
            writeFrame(opcode, payload, &output)
            return
        }
        if compression.takesOver(role) {
            let deflater = deflater ?? contexts.makeDeflater(windowBits: compression.windowBits(role))
            self.deflater = deflater
            if deflaterNeedsReset { deflater.reset() }
            deflaterNeedsReset = false
            // Sent even if it is longer: the next message refers to what the peer has read.
            writeFrame(opcode, contexts.compress(payload, with: deflater), rsv1: true, &output)
        } else {
            let compressed = contexts.compress(payload, windowBits: compression.windowBits(role))
            if compressed.count < payload.count {
                writeFrame(opcode, compressed, rsv1: true, &output)
            } else {
                writeFrame(opcode, payload, &output)
            }
        }
    }

    /// Window bits for `DeflateContexts.compressShared` frames that this peer can read; nil without compression.
    package var sharedWindowBits: Int? {
        compression?.windowBits(role)
    }

    /// Must be called when a frame of `DeflateContexts.compressShared` was sent past the connection.
    ///
    /// With context takeover the peer's window then holds what ours does not, so our next compressed message
    /// starts with an empty one.
    package func sharedFrameSent() {
        deflaterNeedsReset = deflater != nil
    }

    /// Writes a ping of at most 125 bytes; returns false, and writes nothing, above that or when not open.
    @discardableResult
    package func ping<Sink: ByteSink>(_ payload: UnsafeRawBufferPointer, output: inout Sink) -> Bool {
        guard state == .open, payload.count <= 125 else { return false }
        writeFrame(.ping, payload, &output)
        return true
    }

    /// Writes a pong nobody asked for (RFC 6455 §5.5.3); returns false, and writes nothing, as `ping` does.
    @discardableResult
    package func pong<Sink: ByteSink>(_ payload: UnsafeRawBufferPointer, output: inout Sink) -> Bool {
        guard state == .open, payload.count <= 125 else { return false }
        writeFrame(.pong, payload, &output)
        return true
    }

    /// Writes one frame, masked if we are the client.
    @inline(__always)
    func writeFrame<Sink: ByteSink>(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        rsv1: Bool = false,
        _ output: inout Sink
    ) {
        if role == .server {
            FrameEncoder.encode(opcode, payload, rsv1: rsv1, into: &output)
        } else {
            FrameEncoder.encodeMasked(opcode, payload, rsv1: rsv1, mask: maskKeys(), into: &output)
        }
    }
}
