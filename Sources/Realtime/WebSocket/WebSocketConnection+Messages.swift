extension WebSocketConnection {
    /// Checks a data frame's header against the limits, before any of its payload is looked at.
    @inline(__always)
    func admit(_ header: FrameHeader) throws(ProtocolFailure) {
        if message == nil {
            if limits.fragments < 1 { throw .tooManyFragments }
            if !header.isCompressed, header.length > limits.hardMessage { throw .messageTooBig }
        } else {
            try admitContinuation(header)
        }
    }

    private func admitContinuation(_ header: FrameHeader) throws(ProtocolFailure) {
        guard let message else { return }
        if message.fragments >= limits.fragments { throw .tooManyFragments }
        if !message.isCompressed, header.length > limits.hardMessage - message.byteCount { throw .messageTooBig }
        self.message?.fragments += 1
    }

    func beginMessage(_ header: FrameHeader) {
        message = IncomingMessage(opcode: header.opcode, isCompressed: header.isCompressed, fragments: 1)
        assembly.count = 0
    }

    /// A message of one frame that lies in the received bytes: no state, no copy.
    @inline(__always)
    func deliverInPlace<Consumer: WebSocketConsumer>(
        _ header: FrameHeader,
        _ payload: UnsafeMutableRawBufferPointer,
        _ consumer: inout Consumer
    ) throws(ProtocolFailure) {
        let isText = header.opcode == .text
        var isASCII = false
        if isText || header.key != 0 { isASCII = Masking.apply(header.key, from: payload) && isText }
        let bytes = UnsafeRawBufferPointer(payload)
        if isText, !isASCII {
            var validator = UTF8Validator()
            guard validator.consume(bytes), validator.isAtBoundary else { throw .invalidUTF8 }
        }
        guard state == .open else { return }
        if header.length <= limits.message {
            consumer.message(header.opcode, bytes, isASCII: isASCII)
        } else {
            consumer.oversizedMessage(header.opcode, byteCount: header.length)
        }
    }

    /// Takes a piece of a data frame's payload; `expected` bytes of the frame are still to come, it included.
    func consume(
        _ piece: UnsafeMutableRawBufferPointer,
        of header: FrameHeader,
        expected: Int
    ) throws(ProtocolFailure) {
        let key = header.key
        guard var message else { return }
        defer { self.message = message }
        if message.isCompressed {
            guard piece.count > 0 else { return }
            _ = Masking.apply(key, from: piece)
            let allowed = max(0, min(piece.count, limits.compressedMessage - message.wireCount))
            message.wireCount += piece.count
            try inflate(UnsafeRawBufferPointer(rebasing: piece[..<allowed]), &message)
            if allowed < piece.count { throw .messageTooBig }
            return
        }
        if !message.isOversized, message.byteCount + expected > limits.message {
            message.isOversized = true
            assembly.release()
        }
        message.byteCount += piece.count
        guard let base = piece.baseAddress, piece.count > 0 else { return }
        if message.isOversized {
            // Of a binary message nothing but the length matters any more.
            guard message.opcode == .text else { return }
            let isASCII = Masking.apply(key, from: piece)
            try check(UnsafeRawBufferPointer(piece), isASCII, &message)
        } else {
            // The buffer doubles as bytes really come, and no further than the message can get.
            let limit = header.isFinal ? assembly.count + expected : limits.message
            let target = assembly.room(for: piece.count, limit: limit)
            let isASCII = Masking.apply(key, from: base, to: target, count: piece.count)
            assembly.count += piece.count
            try check(UnsafeRawBufferPointer(start: target, count: piece.count), isASCII, &message)
        }
    }

    /// Checks bytes of a text that is not complete yet.
    private func check(
        _ bytes: UnsafeRawBufferPointer,
        _ isASCII: Bool,
        _ message: inout IncomingMessage
    ) throws(ProtocolFailure) {
        guard message.opcode == .text else { return }
        if isASCII, message.utf8.isAtBoundary { return }
        message.isASCII = false
        guard message.utf8.consume(bytes) else { throw .invalidUTF8 }
    }

    func endMessage<Consumer: WebSocketConsumer>(_ consumer: inout Consumer) throws(ProtocolFailure) {
        if message?.isCompressed == true { try endInflating() }
        guard let message else { return }
        self.message = nil
        guard message.utf8.isAtBoundary else { throw .invalidUTF8 }
        if state == .open {
            if message.isOversized {
                consumer.oversizedMessage(message.opcode, byteCount: message.byteCount)
            } else {
                let isASCII = message.opcode == .text && message.isASCII
                consumer.message(message.opcode, assembly.bytes, isASCII: isASCII)
            }
        }
        assembly.count = 0
    }

    /// Gives back what only a message or frame under way needs.
    @inline(__always)
    func releaseWhatIsIdle() {
        if assembly.capacity > 0 || control.capacity > 0 || inflater != nil { releaseBuffers() }
    }

    private func releaseBuffers() {
        if message == nil || !isReading {
            assembly.release()
            if let inflater, !peerTakesOver || !isReading {
                self.inflater = nil
                if !peerTakesOver { contexts.giveBack(inflater) }
            }
        }
        if frame == nil || !isReading { control.release() }
        if !isReading { deflater = nil }
    }
}

// MARK: - Compressed messages

extension WebSocketConnection {
    /// The decompressor for the message under way.
    private func currentInflater() -> Inflater {
        if let inflater { return inflater }
        let made: Inflater
        if let compression, peerTakesOver {
            made = Inflater(windowBits: compression.windowBits(role == .server ? .client : .server))
        } else {
            made = contexts.borrowInflater()
        }
        inflater = made
        return made
    }

    /// Decompresses a piece of a message.
    ///
    /// Never holds more output than the limit for messages and one chunk.
    private func inflate(
        _ input: UnsafeRawBufferPointer,
        _ message: inout IncomingMessage
    ) throws(ProtocolFailure) {
        let inflater = currentInflater()
        inflater.feed(input)
        let limit = min(limits.message, limits.hardMessage)
        var isDrained = false
        while !isDrained {
            let output: UnsafeRawBufferPointer
            if !message.isOversized, assembly.count < limit {
                // Four times the input is a usual size; the buffer doubles from there.
                let free = assembly.capacity - assembly.count
                let wanted = free > 0 ? free : max(512, assembly.count, 4 * input.count)
                let room = min(wanted, limit - assembly.count, Int(Int32.max))
                let target = assembly.room(for: room, limit: limit)
                let step = try inflater.step(into: target, room: room)
                assembly.count += step.produced
                output = UnsafeRawBufferPointer(start: target, count: step.produced)
                isDrained = step.isDrained
            } else {
                let step = try contexts.discardStep(inflater)
                output = step.bytes
                isDrained = step.isDrained
                if output.count > 0, !message.isOversized {
                    message.isOversized = true
                    assembly.release()
                }
            }
            // Bytes up to the limit come before it: their failure is the first.
            let allowed = max(0, min(output.count, limits.hardMessage - message.byteCount))
            message.byteCount += output.count
            let bytes = UnsafeRawBufferPointer(rebasing: output[..<allowed])
            try check(bytes, UTF8Validator.isASCII(bytes), &message)
            if allowed < output.count { throw .messageTooBig }
        }
    }

    /// Ends a compressed message: the four bytes that every sender leaves out follow (RFC 7692 §7.2.2).
    private func endInflating() throws(ProtocolFailure) {
        guard var message, message.wireCount > 0 else { return }
        let tail: (UInt8, UInt8, UInt8, UInt8) = (0x00, 0x00, 0xFF, 0xFF)
        try withUnsafeBytes(of: tail) { bytes throws(ProtocolFailure) in try inflate(bytes, &message) }
        self.message = message
        guard currentInflater().isBetweenBlocks else { throw .truncatedDeflateData }
        // The next message of this burst starts afresh.
        if !peerTakesOver { inflater?.reset() }
    }
}
