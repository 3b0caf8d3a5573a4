import Domain
import Testing

@testable import Realtime

/// An Engine.IO path on a hub with manual loops, and what its applications have heard.
final class EngineUnderTest {
    /// Notes what a session tells its application, and does what a test says meanwhile.
    ///
    /// `@unchecked Sendable`: everything happens on the test's thread.
    final class Application: EngineApplication, @unchecked Sendable {
        private(set) var events: [String] = []
        private(set) var session: EngineSession?
        var onOpened: ((EngineSession) -> Void)?
        var onText: ((EngineSession, String) -> Void)?
        var onWritable: ((EngineSession) -> Void)?

        func opened(_ session: EngineSession) {
            self.session = session
            events.append("opened")
            onOpened?(session)
        }

        func received(text: String) {
            events.append("text \(text)")
            if let session { onText?(session, text) }
        }

        func received(binary: [UInt8]) { events.append("binary \(binary)") }

        func writable() {
            events.append("writable")
            if let session { onWritable?(session) }
        }

        func formatChanged() { events.append("format \(session.map { "\($0.format)" } ?? "")") }
        func closed(_ reason: EngineIOCloseReason) { events.append("closed \(reason)") }
        func shutDown() { events.append("shutDown") }

        func forgetSession() { session = nil }

        /// The events since the last call.
        func take() -> [String] {
            defer { events = [] }
            return events
        }
    }

    /// One HTTP request and its answer.
    final class Exchange {
        fileprivate(set) var status: Int?
        fileprivate(set) var headers: [Refusal.Header] = []
        fileprivate(set) var bytes: [UInt8] = []
        fileprivate var exchange: (any PlainExchange)?
        fileprivate let loops: () -> Void

        fileprivate init(loops: @escaping () -> Void) { self.loops = loops }

        var body: String { String(decoding: bytes, as: UTF8.self) }

        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

        fileprivate func take(_ answer: PlainAnswer) {
            #expect(status == nil, "answered twice")
            status = answer.status
            headers = answer.headers
            bytes = answer.body.withUnsafeBytes { Array($0) }
        }

        /// The body has come.
        func finish(_ body: [UInt8]) {
            exchange?.received(body) { [unowned self] in take($0) }
            loops()
        }

        func leave() {
            exchange?.clientLeft()
            loops()
        }
    }

    let test: TestHub
    let endpoint: EngineIOEndpoint
    let application = Application()

    init(
        loops: Int = 1,
        access: AccessPolicy? = nil,
        maxConnections: Int = 100,
        _ configure: (inout EngineIOConfiguration) -> Void = { _ in }
    ) {
        test = TestHub(loops: loops) {
            $0.maxConnections = maxConnections
            $0.pingInterval = 100
        }
        var configuration = EngineIOConfiguration()
        configuration.pingInterval = 300
        configuration.pingTimeout = 200
        configure(&configuration)
        endpoint = EngineIOEndpoint(
            path: "/engine.io/",
            configuration: configuration,
            access: access
        ) { [application] _ in application }
    }

    var loop: ManualLoop { test.loop }

    /// The only session.
    func session() throws -> EngineSession { try #require(application.session) }

    /// Moves the clocks of all loops on, tick by tick together.
    func advance(_ time: Milliseconds) {
        for _ in 0..<(time / 10) {
            for loop in test.loops { loop.advance(10) }
            test.run()
        }
    }

    func admit(
        _ method: String,
        _ query: String,
        headers: [(name: String, value: String)] = [],
        on index: Int = 0
    ) -> Admission {
        let request = HandshakeRequest(
            method: method,
            target: "/engine.io/?" + query,
            headers: [(name: "Host", value: "localhost")] + headers,
            address: "192.0.2.1"
        )
        return endpoint.admit(request, shard: test.hub.shards[index])
    }

    /// Sends the head of a polling request.
    func begin(
        _ method: String,
        _ query: String,
        headers: [(name: String, value: String)] = [],
        on index: Int = 0
    ) -> Exchange {
        let result = Exchange(loops: test.run)
        guard case .respond(let exchange) = admit(method, query, headers: headers, on: index) else {
            Issue.record("not answered inside HTTP")
            return result
        }
        result.exchange = exchange
        test.run()
        return result
    }

    /// Sends a whole polling request.
    func request(
        _ method: String,
        _ query: String,
        body: [UInt8] = [],
        headers: [(name: String, value: String)] = [],
        on index: Int = 0
    ) -> Exchange {
        let exchange = begin(method, query, headers: headers, on: index)
        exchange.finish(body)
        return exchange
    }

    /// Begins a session on polling; returns its id.
    func open(_ version: Int = 4, more: String = "", on index: Int = 0) throws -> String {
        let answer = request("GET", "EIO=\(version)&transport=polling\(more)", on: index)
        #expect(answer.status == 200)
        let json = answer.body.drop { $0 != "{" }
        return try #require(try JSONParser.parse(Array(json.utf8), depth: 4)["sid"]?.string)
    }

    func poll(_ sid: String, _ version: Int = 4, more: String = "", on index: Int = 0) -> Exchange {
        request("GET", "EIO=\(version)&transport=polling&sid=\(sid)\(more)", on: index)
    }

    func post(_ sid: String, _ body: String, _ version: Int = 4, more: String = "", on index: Int = 0) -> Exchange {
        request("POST", "EIO=\(version)&transport=polling&sid=\(sid)\(more)", body: Array(body.utf8), on: index)
    }

    /// Opens a WebSocket, for the session with that id or for a new one; then the loops run.
    func connect(
        _ version: Int = 4,
        sid: String? = nil,
        on index: Int = 0,
        runs: Bool = true
    ) throws -> EngineSocketClient {
        let target = "/engine.io/?EIO=\(version)&transport=websocket" + (sid.map { "&sid=\($0)" } ?? "")
        let request = Handshake.request(host: "localhost", target: target, key: Handshake.randomKey())
        guard case .accept(_, let session) = endpoint.admit(request, shard: test.hub.shards[index]) else {
            throw TestFailure("refused")
        }
        let client = EngineSocketClient(session, loops: test.run)
        if runs { test.run() }
        return client
    }
}

/// A client's end of an Engine.IO WebSocket over a recording link.
final class EngineSocketClient {
    let session: any Session
    let link = RecordingLink()
    let frames = FrameReader()
    private let loops: () -> Void

    init(_ session: any Session, loops: @escaping () -> Void) {
        self.session = session
        self.loops = loops
        link.session = session
        session.opened(link)
    }

    /// Sends text packets in one burst.
    func send(_ texts: String...) {
        session.receive(texts.flatMap { frames.encode($0) })
        loops()
    }

    func send(binary: [UInt8]) {
        session.receive(frames.encode(binary, .binary))
        loops()
    }

    /// The messages since the last call, as text.
    func take() -> [String] { takeBytes().map { String(decoding: $0, as: UTF8.self) } }

    func takeBytes() -> [[UInt8]] { frames.read(link.take()) }

    /// Whether the server has said goodbye.
    var isClosed: Bool {
        _ = takeBytes()
        return frames.isClosed
    }

    func disconnect() {
        session.closed()
        loops()
    }
}
