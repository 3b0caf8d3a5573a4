extension WebSocketConnection {
    /// Reads all of `bytes`, unmasking them in place, and tells the consumer what they mean.
    ///
    /// Pongs, the answer to a close frame and, when the peer breaks a rule, our close frame are written into
    /// `output`. Nothing needs to be kept by the caller; after a failure or the end of the closing handshake
    /// bytes are ignored (RFC 6455 §7.1.7, §5.5.1).
    package func receive<Consumer: WebSocketConsumer, Sink: ByteSink>(
        _ bytes: UnsafeMutableRawBufferPointer,
        consumer: inout Consumer,
        output: inout Sink
    ) {
        guard isReading, let base = bytes.baseAddress else { return }
        do throws(ProtocolFailure) {
            try readFrames(base, end: base + bytes.count, &consumer, &output)
        } catch {
            fail(error, &consumer, &output)
        }
        releaseWhatIsIdle()
    }

    private func readFrames<Consumer: WebSocketConsumer, Sink: ByteSink>(
        _ start: UnsafeMutableRawPointer,
        end: UnsafeMutableRawPointer,
        _ consumer: inout Consumer,
        _ output: inout Sink
    ) throws(ProtocolFailure) {
        var cursor = start
        if let frame {
            guard try continueFrame(frame, &cursor, end, &consumer, &output) else { return }
        }
        while cursor < end, isReading {
            guard let header = try nextHeader(&cursor, end) else { return }
            if !header.opcode.isControl { try admit(header) }
            if header.length <= end - cursor {
                let payload = UnsafeMutableRawBufferPointer(start: cursor, count: header.length)
                cursor += header.length
                if header.opcode.isControl {
                    _ = Masking.apply(header.key, from: payload)
                    try controlFrame(header.opcode, UnsafeRawBufferPointer(payload), &consumer, &output)
                } else if message == nil, header.isFinal, !header.isCompressed {
                    try deliverInPlace(header, payload, &consumer)
                } else {
                    if message == nil { beginMessage(header) }
                    try consume(payload, of: header, expected: header.length)
                    if header.isFinal { try endMessage(&consumer) }
                }
            } else {
                if !header.opcode.isControl, message == nil { beginMessage(header) }
                frame = header
                frameRemaining = header.length
                _ = try continueFrame(header, &cursor, end, &consumer, &output)
            }
        }
    }

    /// Reads on in a frame whose payload comes in pieces; returns whether it is complete.
    private func continueFrame<Consumer: WebSocketConsumer, Sink: ByteSink>(
        _ header: FrameHeader,
        _ cursor: inout UnsafeMutableRawPointer,
        _ end: UnsafeMutableRawPointer,
        _ consumer: inout Consumer,
        _ output: inout Sink
    ) throws(ProtocolFailure) -> Bool {
        let count = min(frameRemaining, end - cursor)
        let piece = UnsafeMutableRawBufferPointer(start: cursor, count: count)
        cursor += count
        let expected = frameRemaining
        frameRemaining -= count
        let isComplete = frameRemaining == 0
        if header.opcode.isControl {
            _ = Masking.apply(header.key, from: piece)
            control.append(UnsafeRawBufferPointer(piece))
            if header.opcode == .close { try ClosePayload.check(control.bytes, isComplete: isComplete) }
        } else {
            try consume(piece, of: header, expected: expected)
        }
        guard isComplete else {
            frame?.key = Masking.advance(header.key, by: count)
            return false
        }
        frame = nil
        if header.opcode.isControl {
            try controlFrame(header.opcode, control.bytes, &consumer, &output)
            control.count = 0
        } else if header.isFinal {
            try endMessage(&consumer)
        }
        return true
    }

    // MARK: Headers

    @inline(__always)
    private var headerRules: FrameHeader.Rules {
        FrameHeader.Rules(
            masked: role == .server,
            compression: compression != nil,
            insideMessage: message != nil,
            acceptsBinary: limits.acceptsBinary,
            frameLimit: limits.frame
        )
    }

    /// Reads the next header, or keeps the part of it that is there and returns nil.
    @inline(__always)
    private func nextHeader(
        _ cursor: inout UnsafeMutableRawPointer,
        _ end: UnsafeMutableRawPointer
    ) throws(ProtocolFailure) -> FrameHeader? {
        if headerCount == 0 {
            let header = try FrameHeader.parse(cursor, available: end - cursor, rules: headerRules)
            if let header {
                cursor += header.size
                return header
            }
        }
        return try resumeHeader(&cursor, end)
    }

    /// Adds bytes one by one to a header that is there in part, until it is complete.
    private func resumeHeader(
        _ cursor: inout UnsafeMutableRawPointer,
        _ end: UnsafeMutableRawPointer
    ) throws(ProtocolFailure) -> FrameHeader? {
        let rules = headerRules
        while cursor < end {
            let byte = cursor.load(as: UInt8.self)
            cursor += 1
            withUnsafeMutableBytes(of: &headerBytes) { $0[headerCount] = byte }
            headerCount += 1
            let bytes = headerBytes
            let count = headerCount
            let header = try withUnsafeBytes(of: bytes) { buffer throws(ProtocolFailure) -> FrameHeader? in
                guard let base = buffer.baseAddress else { return nil }
                return try FrameHeader.parse(base, available: count, rules: rules)
            }
            if let header {
                headerCount = 0
                return header
            }
        }
        return nil
    }

    // MARK: Control frames

    private func controlFrame<Consumer: WebSocketConsumer, Sink: ByteSink>(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        _ consumer: inout Consumer,
        _ output: inout Sink
    ) throws(ProtocolFailure) {
        switch opcode {
        case .ping:
            // Also after our close frame: only the peer's would free us of it (RFC 6455 §5.5.2).
            writeFrame(.pong, payload, &output)
            consumer.ping(payload)
        case .pong:
            consumer.pong(payload)
        default:
            try ClosePayload.check(payload, isComplete: true)
            closeArrived(payload, &consumer, &output)
        }
    }
}

extension Masking {
    /// Unmasks the bytes in place; returns whether all of them are below 128.
    @inline(__always)
    static func apply(_ key: UInt32, from bytes: UnsafeMutableRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        return apply(key, from: UnsafeRawPointer(base), to: base, count: bytes.count)
    }
}
