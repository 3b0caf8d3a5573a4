// GET and POST of a session.
extension EngineSession {
    /// A poll: answered at once when something waits, otherwise when something comes.
    func poll(_ exchange: EngineExchange) {
        beat(shard.loop.now)
        switch state {
        case .opening, .closed: return exchange.answer(.unknownSession, from: shard)
        case .open, .closing: break
        }
        guard socket == nil, exchange.request.version == version else {
            return exchange.answer(.badRequest, from: shard)
        }
        if poll != nil {
            // Which of the two the client reads is not known, so nothing can be relied on any more.
            end(.transportError)
            exchange.answer(.badRequest, from: shard)
            return
        }
        if !mayRead { heartbeat.heard(shard.loop.now) }
        guard !queue.isEmpty else {
            poll = exchange
            return
        }
        let wasFull = queue.isFull
        serve(exchange)
        if wasFull { writable() }
    }

    /// Answers a poll with what waits, as far as it goes into one answer.
    func serve(_ exchange: EngineExchange) {
        exchange.answer(queue.take(), takesBinary: takesBinary, from: shard)
        if case .closing = state, queue.isEmpty { end(.serverClosed) }
    }

    /// The head of a POST has come.
    func postBegan(_ exchange: EngineExchange) {
        beat(shard.loop.now)
        guard isOpen, socket == nil, exchange.request.version == version else { return }
        guard post == nil else {
            // In which order the two were meant is not known.
            end(.transportError)
            return
        }
        post = exchange
    }

    /// The body of a POST has come; `form` is `nil` when its content type is not one that can be.
    func posted(_ exchange: EngineExchange, _ body: [UInt8], _ form: EngineIOPayload.Form?) {
        beat(shard.loop.now)
        guard post === exchange, isOpen else {
            post = post === exchange ? nil : post
            exchange.answer(isOpen ? .badRequest : .unknownSession, from: shard)
            return
        }
        guard let packets = packets(in: body, form, isForm: exchange.request.script != nil) else {
            post = nil
            exchange.answer(.badRequest, from: shard)
            end(.parseError)
            return
        }
        for packet in packets {
            guard received(packet) else {
                post = nil
                return exchange.answer(.badRequest, from: shard)
            }
        }
        isPostTaken = true
        if !isLeaving, isReading || !isOpen { settlePost() }
        flush()
    }

    private func packets(in body: [UInt8], _ form: EngineIOPayload.Form?, isForm: Bool) -> [EngineIOPacket]? {
        guard let form else { return nil }
        guard let payload = isForm ? EngineIOScript.decode(form: body) : body else { return nil }
        return try? EngineIOPayload.decode(payload, form)
    }

    /// The body of a POST was too long; the session goes on without it.
    func postRefused(_ exchange: EngineExchange) {
        if post === exchange { post = nil }
    }

    /// The client has gone before it was answered.
    func clientLeft(_ exchange: EngineExchange) {
        if poll === exchange {
            poll = nil
            end(.transportError)
            exchange.answer(.close, from: shard)
        } else if post === exchange, !isPostTaken {
            post = nil
            end(.transportError)
            exchange.answer(.badRequest, from: shard)
        }
    }
}
