// The way to the client, whatever the transport.
extension EngineSession: Link {
    package var isWritable: Bool {
        guard isOpen else { return false }
        return socket?.isWritable ?? !queue.isFull
    }

    package func write(_ bytes: Bytes) {
        guard isOpen || isOpening else { return }
        if let socket {
            if heldBack == nil { socket.write(bytes) } else { heldBack?.writes.append(bytes) }
        } else {
            queue.append(ended: bytes)
        }
    }

    private var isOpening: Bool { if case .opening = state { true } else { false } }

    func release(_ writes: [Bytes]) {
        heldBack = nil
        for bytes in writes { socket?.write(bytes) }
        socket?.flush()
    }

    package func flush() {
        if let socket {
            socket.flush()
        } else if let poll, !queue.isEmpty {
            self.poll = nil
            let wasFull = queue.isFull
            serve(poll)
            // Not at once: whoever flushes may be in the middle of something.
            if wasFull, isWritable { shard.loop.execute { [self] in writable() } }
        }
    }

    package var isReading: Bool {
        get { mayRead }
        set {
            mayRead = newValue
            socket?.isReading = newValue
            if newValue { settlePost() }
        }
    }
}
