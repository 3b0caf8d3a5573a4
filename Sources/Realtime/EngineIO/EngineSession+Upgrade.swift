import Domain

// The change from polling to WebSocket, and packets from there.
extension EngineSession: EngineSocketOwner {
    /// A WebSocket to which the client may change.
    struct Probe {
        let socket: any EngineWebSocket
        let since: Milliseconds
        /// The poll that waited when the WebSocket came.
        let poll: EngineExchange?
        /// When a waiting poll was last answered for its sake; `nil` before the client has probed.
        var releasedAt: Milliseconds?
    }

    /// How often a waiting poll is answered so that the client can stop polling, in milliseconds.
    static let releaseInterval: Milliseconds = 100

    /// A WebSocket with this session's id stands.
    func attach(_ socket: any EngineWebSocket) {
        beat(shard.loop.now)
        guard isOpen, self.socket == nil, probe == nil else { return socket.close() }
        probe = Probe(socket: socket, since: shard.loop.now, poll: poll)
    }

    /// A packet from a WebSocket; `nil` when it is none.
    func received(_ packet: EngineIOPacket?, from socket: any Link) {
        if socket === self.socket {
            if let packet { received(packet) } else { end(.parseError) }
        } else if socket === probe?.socket {
            probed(packet)
        }
    }

    /// A WebSocket takes bytes again.
    func writable(_ socket: any Link) {
        if socket === self.socket { writable() }
    }

    /// A WebSocket has ended.
    func closed(_ socket: any Link) {
        if socket === self.socket {
            end(.transportClosed)
        } else if socket === probe?.socket {
            probe = nil
        }
    }

    private func probed(_ packet: EngineIOPacket?) {
        guard let probe else { return }
        switch packet {
        // Whoever probes on and on and takes no answers is cut off.
        case .ping("probe")? where probe.socket.isWritable:
            probe.socket.write(EngineIOPacket.pong("probe").frame(version))
            probe.socket.flush()
            // A later poll may have overtaken the packet that ends the change; it is let go a little later.
            if poll === probe.poll { releasePoll(shard.loop.now) } else { self.probe?.releasedAt = shard.loop.now }
        case .upgrade? where probe.releasedAt != nil: upgrade(to: probe.socket)
        default:
            self.probe = nil
            probe.socket.close()
        }
    }

    private func releasePoll(_ now: Milliseconds) {
        probe?.releasedAt = now
        poll?.answer(.noop, from: shard)
        poll = nil
    }

    func tickProbe(_ now: Milliseconds) {
        guard let probe else { return }
        if now - probe.since >= configuration.upgradeTimeout {
            self.probe = nil
            probe.socket.close()
        } else if let releasedAt = probe.releasedAt, now - releasedAt >= Self.releaseInterval {
            releasePoll(now)
        }
    }

    private func upgrade(to socket: any EngineWebSocket) {
        probe = nil
        // A client waits for the answer to its poll before it changes, so this one was sent afterwards.
        poll?.answer(.badRequest, from: shard)
        poll = nil
        carry(on: socket)
        for packet in queue.take(.max) { socket.write(frame(of: packet)) }
        application?.formatChanged()
        flush()
        writable()
    }

    /// A packet that waited for a poll as a WebSocket frame.
    private func frame(of text: [UInt8]) -> Bytes {
        guard text.first == UInt8(ascii: "b") else { return MessageEncoder.engineIO(packet: text, format: format) }
        return MessageEncoder.engineIO(binary: Base64.decode(text.dropFirst()) ?? [], format: format)
    }
}
