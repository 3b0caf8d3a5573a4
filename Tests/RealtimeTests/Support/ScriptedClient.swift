import Domain

@testable import Realtime

/// A client of the native protocol over a recording link, driven by a test.
final class ScriptedClient {
    let session: any Session
    let link: RecordingLink
    let frames: FrameReader
    private let loop: ManualLoop
    private var unread: [JSON] = []

    init(
        _ session: any Session,
        loop: ManualLoop,
        link: RecordingLink = RecordingLink(),
        compression: PerMessageDeflate.Agreed? = nil
    ) {
        self.session = session
        self.link = link
        self.loop = loop
        frames = FrameReader(compression: compression)
        link.session = session
        session.opened(link)
    }

    /// Sends one message and runs the loop.
    func send(_ text: String) {
        session.receive(frames.encode(text))
        loop.run()
    }

    /// Sends several messages in one read burst and runs the loop.
    func send(all texts: [String]) {
        session.receive(texts.flatMap { frames.encode($0) })
        loop.run()
    }

    func send(bytes: [UInt8]) {
        session.receive(bytes)
        loop.run()
    }

    /// The messages since the last call.
    func take() -> [JSON] {
        _ = peek()
        defer { unread = [] }
        return unread
    }

    /// The messages since the last ``take()``.
    func peek() -> [JSON] {
        for payload in frames.read(link.take()) {
            unread.append((try? JSONParser.parse(payload, depth: 64)) ?? .string("not JSON"))
        }
        return unread
    }

    /// The types of the messages since the last call.
    func takeTypes() -> [String] { take().map { $0["type"]?.string ?? "?" } }

    /// Sends one message and returns everything that came since the last call.
    func ask(_ text: String) -> [JSON] {
        send(text)
        return take()
    }

    /// The connection ends without a word.
    func disconnect() {
        session.closed()
        loop.run()
    }
}

/// A client of `/events` over a recording link.
final class StreamingClient {
    let session: any Session
    let link: RecordingLink
    private var parser = EventStreamParser()

    init(_ session: any Session, link: RecordingLink = RecordingLink()) {
        self.session = session
        self.link = link
        link.session = session
        session.opened(link)
    }

    /// The blocks since the last call.
    func take() -> [EventStreamParser.Block] { parser.read(link.take()) }
}

extension JSON {
    var type: String { self["type"]?.string ?? "?" }
    var offset: Int? { self["offset"]?.int }
    var code: String? { self["code"]?.string }
}
