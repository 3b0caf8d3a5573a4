import Domain
import NIOCore
import NIOEmbedded
import Testing

@testable import Realtime

/// The driver over an embedded channel: bursts, reading, writability and closing.
struct ChannelDriverTests {
    /// A session that does what a test tells it.
    private final class Probe: Session {
        var link: (any Link)?
        var heard: [[UInt8]] = []
        var addresses: [UnsafeRawPointer?] = []
        var events: [String] = []
        var onReceived: (() -> Void)?
        var onWritable: (() -> Void)?

        func opened(_ link: any Link) {
            self.link = link
            events.append("opened")
        }

        func received(_ bytes: UnsafeMutableRawBufferPointer) {
            heard.append(Array(bytes))
            addresses.append(bytes.baseAddress.map { UnsafeRawPointer($0) })
            for index in bytes.indices { bytes[index] ^= 0xFF }
            onReceived?()
        }

        func writable() {
            events.append("writable")
            onWritable?()
        }

        func inputClosed() { events.append("inputClosed") }

        func closed() {
            link = nil
            events.append("closed")
        }

        func tick(now: Milliseconds) {}
        func shutDown() {}
        func abandon() {}

        func write(_ text: String) { link?.write(Bytes(text.utf8)) }
    }

    /// Counts what reaches the socket's end of the pipeline.
    private final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        var writes = 0
        var flushes = 0
        var reads = 0
        var closes: [CloseMode] = []
        /// Whether flushes go nowhere, as to a peer that does not read.
        var isStuck = false
        /// Whether half closing works, as it does on sockets.
        var canHalfClose = false

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            writes += 1
            context.write(data, promise: promise)
        }

        func flush(context: ChannelHandlerContext) {
            flushes += 1
            if !isStuck { context.flush() }
        }

        func read(context: ChannelHandlerContext) { reads += 1 }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            closes.append(mode)
            guard mode == .output else { return context.close(mode: mode, promise: promise) }
            if canHalfClose { promise?.succeed() } else { promise?.fail(ChannelError.operationUnsupported) }
        }
    }

    private struct Fixture {
        let channel = EmbeddedChannel()
        let socket = Socket()
        let probe = Probe()
        let driver: ChannelDriver

        init(head: String = "") throws {
            driver = ChannelDriver(head: Bytes(head.utf8), session: probe)
            try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
            try channel.pipeline.syncOperations.addHandler(socket)
            try channel.pipeline.syncOperations.addHandler(driver)
        }

        /// What has left, piece by piece.
        func sent() throws -> [String] {
            var pieces: [String] = []
            while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
                if buffer.readableBytes > 0 { pieces.append(String(buffer: buffer)) }
            }
            return pieces
        }

        func burst(_ texts: String...) {
            for text in texts { channel.pipeline.fireChannelRead(ByteBuffer(string: text)) }
            channel.pipeline.fireChannelReadComplete()
        }
    }

    @Test("the head goes out first, then reading begins")
    func head() throws {
        let fixture = try Fixture(head: "HTTP/1.1 101\r\n\r\n")
        #expect(try fixture.sent() == ["HTTP/1.1 101\r\n\r\n"])
        #expect(fixture.probe.events == ["opened"])
        #expect(fixture.socket.flushes == 1 && fixture.socket.reads == 1)
        _ = try? fixture.channel.finish()
        #expect(fixture.probe.events == ["opened", "closed"])
    }

    @Test("a read burst is answered with one flush and followed by one read")
    func burst() throws {
        let fixture = try Fixture()
        fixture.probe.onReceived = {
            fixture.probe.write("a")
            fixture.probe.link?.flush()
        }
        fixture.burst("1", "2", "3")
        #expect(fixture.socket.flushes == 1)
        #expect(fixture.socket.reads == 2)
        #expect(try fixture.sent() == ["a", "a", "a"])
        fixture.probe.write("later")
        fixture.probe.link?.flush()
        fixture.probe.link?.flush()
        #expect(fixture.socket.flushes == 2)
        #expect(try fixture.sent() == ["later"])
    }

    @Test("what came in one segment with the request is answered, though nothing tells its end")
    func leftOver() throws {
        let fixture = try Fixture()
        fixture.probe.onReceived = {
            fixture.probe.write("answer")
            fixture.probe.link?.flush()
        }
        fixture.channel.pipeline.fireChannelRead(ByteBuffer(string: "left over"))
        #expect(try fixture.sent().isEmpty)
        fixture.channel.embeddedEventLoop.run()
        #expect(try fixture.sent() == ["answer"])
        #expect(fixture.socket.reads == 1)
    }

    @Test("a session that must not be read is not, and reading resumes when it may")
    func reading() throws {
        let fixture = try Fixture()
        fixture.probe.onReceived = { fixture.probe.link?.isReading = false }
        fixture.burst("1")
        #expect(fixture.socket.reads == 1)
        fixture.probe.link?.isReading = true
        #expect(fixture.socket.reads == 2)
        fixture.probe.link?.isReading = true
        #expect(fixture.socket.reads == 2)
        // Stopped and resumed in the middle of a burst: one read at its end.
        fixture.probe.onReceived = {
            fixture.probe.link?.isReading = false
            fixture.probe.link?.isReading = true
        }
        fixture.burst("2", "3")
        #expect(fixture.socket.reads == 3)
    }

    @Test("bytes are changed in place, in the very memory they came in, even when another holds it too")
    func inPlace() throws {
        let fixture = try Fixture()
        let buffer = ByteBuffer(bytes: [1, 2, 3, 4])
        let held = buffer
        let address = buffer.withUnsafeReadableBytes { $0.baseAddress }
        fixture.channel.pipeline.fireChannelRead(buffer.getSlice(at: 1, length: 3))
        fixture.channel.pipeline.fireChannelReadComplete()
        #expect(fixture.probe.heard == [[2, 3, 4]])
        #expect(fixture.probe.addresses == [address.map { $0 + 1 }])
        #expect(Array(held.readableBytesView) == [1, 0xFD, 0xFC, 0xFB])
    }

    @Test("the session hears when it may write again, not when it may not")
    func writability() throws {
        let fixture = try Fixture()
        fixture.channel.isWritable = false
        fixture.channel.pipeline.fireChannelWritabilityChanged()
        #expect(fixture.probe.link?.isWritable == false)
        fixture.probe.onWritable = { fixture.probe.write("more") }
        fixture.channel.isWritable = true
        fixture.channel.pipeline.fireChannelWritabilityChanged()
        #expect(fixture.probe.events == ["opened", "writable"])
        fixture.probe.link?.flush()
        #expect(try fixture.sent() == ["more"])
    }

    // MARK: - Ends

    @Test("closing sends what was written, then says so, then hears the peer out")
    func close() throws {
        let fixture = try Fixture()
        fixture.socket.canHalfClose = true
        fixture.probe.onReceived = {
            fixture.probe.write("last")
            fixture.probe.link?.close()
            fixture.probe.write("ignored")
        }
        fixture.burst("1", "2")
        #expect(try fixture.sent() == ["last"])
        #expect(fixture.socket.closes == [.output])
        #expect(fixture.socket.reads == 2)
        #expect(fixture.probe.heard.count == 1)
        fixture.burst("still talking")
        #expect(fixture.socket.reads == 3)
        #expect(fixture.probe.heard.count == 1)
        #expect(fixture.probe.events == ["opened"])
        fixture.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(fixture.socket.closes == [.output, .all])
        fixture.channel.embeddedEventLoop.run()
        #expect(fixture.probe.events == ["opened", "closed"])
    }

    @Test(
        "where half closing is impossible, or the peer has closed already, it closes at once",
        arguments: [true, false]
    )
    func closeAtOnce(hasPeerClosed: Bool) throws {
        let fixture = try Fixture()
        fixture.socket.canHalfClose = hasPeerClosed
        if hasPeerClosed { fixture.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
        fixture.probe.write("last")
        fixture.probe.link?.close()
        fixture.channel.embeddedEventLoop.run()
        #expect(try fixture.sent() == ["last"])
        #expect(fixture.socket.closes.last == .all)
        #expect(fixture.probe.events.last == "closed")
        #expect(fixture.probe.events.contains("inputClosed") == hasPeerClosed)
    }

    @Test("a peer that takes nothing, or never closes, cannot hold the connection", arguments: [true, false])
    func closeDeadline(isStuck: Bool) throws {
        let fixture = try Fixture()
        fixture.socket.isStuck = isStuck
        fixture.socket.canHalfClose = true
        fixture.probe.write("last")
        fixture.probe.link?.close()
        fixture.channel.embeddedEventLoop.advanceTime(by: .milliseconds(4_900))
        #expect(fixture.probe.events == ["opened"])
        fixture.channel.embeddedEventLoop.advanceTime(by: .milliseconds(200))
        #expect(fixture.probe.events == ["opened", "closed"])
    }

    @Test("an error ends the connection, and the session hears of the end once")
    func errors() throws {
        let fixture = try Fixture()
        fixture.channel.pipeline.fireErrorCaught(TestFailure("reset by peer"))
        fixture.channel.embeddedEventLoop.run()
        #expect(fixture.probe.events == ["opened", "closed"])
        #expect(!fixture.channel.isActive)
        fixture.driver.write(Bytes([1]))
        fixture.driver.flush()
        fixture.driver.close()
        #expect(!fixture.driver.isWritable)
    }

    @Test("a driver that is removed ends its session")
    func removed() throws {
        let fixture = try Fixture()
        _ = fixture.channel.pipeline.syncOperations.removeHandler(fixture.driver)
        fixture.channel.embeddedEventLoop.run()
        #expect(fixture.probe.events == ["opened", "closed"])
        _ = try? fixture.channel.finish()
        #expect(fixture.probe.events == ["opened", "closed"])
    }
}
