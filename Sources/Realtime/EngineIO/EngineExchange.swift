import Domain

/// One polling request, between the loop of its connection and the loop of its session.
///
/// `@unchecked Sendable`: `reply` is touched on the loop of `shard` only, the other properties do not change.
final class EngineExchange: PlainExchange, @unchecked Sendable {
    /// What the request is for.
    enum Purpose {
        /// A new session, on the connection's loop; throws when there can be none.
        case open(() throws(EngineIORefusal) -> EngineSession)
        /// GET with the id of a session.
        case poll(EngineSession)
        /// POST with the id of a session.
        case post(EngineSession, form: EngineIOPayload.Form?)
    }

    let request: EngineIORequest
    let bodyLimit: Int
    private let purpose: Purpose
    private let shard: HubShard
    private let crossOrigin: [Refusal.Header]
    private var reply: ((PlainAnswer) -> Void)?

    /// An exchange on a connection of `shard`; `crossOrigin` goes into every answer.
    init(
        _ request: EngineIORequest,
        for purpose: Purpose,
        shard: HubShard,
        bodyLimit: Int,
        crossOrigin: [Refusal.Header]
    ) {
        self.request = request
        self.purpose = purpose
        self.shard = shard
        self.bodyLimit = bodyLimit
        self.crossOrigin = crossOrigin
        if case .post(let session, _) = purpose { tell(session) { $0.postBegan(self) } }
    }

    /// Tells the session behind all that its loop has been told before, also by sockets on other loops.
    ///
    /// A client that has seen its WebSocket open may poll at once, and the poll must not overtake the news of the
    /// WebSocket.
    private func tell(_ session: EngineSession, _ body: @escaping @Sendable (EngineSession) -> Void) {
        session.shard.loop.execute { body(session) }
    }

    // MARK: - The connection's side

    func received(_ body: [UInt8], answer: @escaping (PlainAnswer) -> Void) {
        reply = answer
        switch purpose {
        case .open(let open):
            do throws(EngineIORefusal) {
                try open().open(answering: self)
            } catch {
                self.answer(error, from: shard)
            }
        case .poll(let session): tell(session) { $0.poll(self) }
        case .post(let session, let form): tell(session) { $0.posted(self, body, form) }
        }
    }

    func bodyTooLarge() -> PlainAnswer {
        // The session goes on without this body.
        if case .post(let session, _) = purpose { tell(session) { $0.postRefused(self) } }
        return Self.answer(to: .tooLarge, crossOrigin)
    }

    func clientLeft() {
        switch purpose {
        case .open: break
        case .poll(let session), .post(let session, _): tell(session) { $0.clientLeft(self) }
        }
    }

    // MARK: - The session's side

    /// Answers a poll with one packet of no data; `home` is the shard of the caller's loop.
    func answer(_ packet: EngineIOPacket, from home: HubShard) {
        answer([packet.text], takesBinary: false, from: home)
    }

    /// Answers a poll; `home` is the shard of the caller's loop.
    func answer(_ packets: [[UInt8]], takesBinary: Bool, from home: HubShard) {
        let form = EngineIOPayload.form(
            of: packets,
            version: request.version,
            takesBinary: takesBinary && request.takesBinary
        )
        var body = EngineIOPayload.encode(packets, form)
        var type = form == .v3Binary ? "application/octet-stream" : "text/plain; charset=UTF-8"
        if let script = request.script {
            body = EngineIOScript.encode(body, index: script)
            type = "text/javascript; charset=UTF-8"
        }
        give(PlainAnswer(status: 200, headers: Self.headers(type) + crossOrigin, body: Bytes(body)), from: home)
    }

    /// Answers a post.
    func answerDone(from home: HubShard) {
        give(
            PlainAnswer(status: 200, headers: Self.headers("text/html") + crossOrigin, body: Bytes("ok".utf8)),
            from: home
        )
    }

    /// Answers with an error.
    func answer(_ refusal: EngineIORefusal, from home: HubShard) {
        give(Self.answer(to: refusal, crossOrigin), from: home)
    }

    private func give(_ answer: PlainAnswer, from home: HubShard) {
        shard.perform(from: home) { [self] in
            let reply = self.reply
            self.reply = nil
            reply?(answer)
        }
    }

    static func answer(to refusal: EngineIORefusal, _ more: [Refusal.Header]) -> PlainAnswer {
        var headers = headers("application/json")
        if refusal == .tooManyConnections { headers.append(Refusal.Header(name: "Retry-After", value: "5")) }
        return PlainAnswer(status: refusal.status, headers: headers + more, body: Bytes(refusal.body))
    }

    private static func headers(_ type: String) -> [Refusal.Header] {
        [Refusal.Header(name: "Content-Type", value: type), Refusal.Header(name: "Cache-Control", value: "no-store")]
    }
}

extension HubShard {
    /// Runs `job` on the loop: at once when the caller, on the loop of `shard`, is there already.
    func perform(from shard: HubShard, _ job: @escaping @Sendable () -> Void) {
        if shard === self { job() } else { loop.execute(job) }
    }
}
