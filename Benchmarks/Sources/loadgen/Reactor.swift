import CEpoll
import Glibc

/// Waits for many sockets at once and hands their frames on.
final class Reactor {
    private let epoll: Int32
    private(set) var sockets: [Socket] = []
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    private var events = [epoll_event](repeating: epoll_event(), count: 1024)

    init() throws {
        epoll = epoll_create1(0)
        guard epoll >= 0 else { throw LoadError.system("epoll_create1", errno) }
    }

    deinit {
        close(epoll)
        buffer.deallocate()
    }

    /// Opens `count` connections to a path.
    func open(_ count: Int, port: UInt16, path: String) throws {
        for _ in 0..<count {
            let socket = try Socket(port: port, path: path)
            let flags = EPOLLIN.rawValue
            guard cepoll_add(epoll, socket.descriptor, flags, UInt64(sockets.count)) == 0 else {
                throw LoadError.system("epoll_ctl", errno)
            }
            sockets.append(socket)
        }
    }

    /// Sends on the socket with this index, and watches for room when the kernel does not take it all.
    func send(_ bytes: [UInt8], on index: Int) throws {
        try sockets[index].send(bytes)
        if !sockets[index].unsent.isEmpty { watch(index, output: true) }
    }

    private func watch(_ index: Int, output: Bool) {
        let flags = EPOLLIN.rawValue | (output ? EPOLLOUT.rawValue : 0)
        _ = cepoll_modify(epoll, sockets[index].descriptor, flags, UInt64(index))
    }

    /// Waits up to `milliseconds` and calls `body` with the socket's index and each payload that has come.
    func poll(_ milliseconds: Int32, _ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        let count = epoll_wait(epoll, &events, Int32(events.count), milliseconds)
        guard count >= 0 else { return }
        for position in 0..<Int(count) {
            var event = events[position]
            let index = Int(cepoll_index(&event))
            if event.events & EPOLLOUT.rawValue != 0 {
                try sockets[index].flush()
                if sockets[index].unsent.isEmpty { watch(index, output: false) }
            }
            guard event.events & ~EPOLLOUT.rawValue != 0 else { continue }
            var failure: (any Error)?
            try sockets[index].receive(buffer) { payload in
                do { try body(index, payload) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }
}
