import CEpoll
import Glibc

/// One WebSocket client connection over a non-blocking TCP socket to 127.0.0.1.
final class Socket {
    let descriptor: Int32
    /// Bytes that the kernel did not take yet.
    private(set) var unsent: [UInt8] = []
    private var input: [UInt8] = []
    private var start = 0

    /// Connects and upgrades, blocking; bytes after the answer's head are kept.
    init(port: UInt16, path: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw LoadError.system("socket", errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw LoadError.system("connect", errno) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        try upgrade(path: path)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    deinit { close(descriptor) }

    private func upgrade(path: String) throws {
        let request = """
            GET \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r

            """
        let sent = Array(request.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard sent == request.utf8.count else { throw LoadError.system("write", errno) }
        let end = Array("\r\n\r\n".utf8)
        while true {
            var piece = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { throw LoadError.handshake(String(decoding: input, as: UTF8.self)) }
            input += piece[..<count]
            guard let head = input.firstRange(of: end) else { continue }
            let text = String(decoding: input[..<head.lowerBound], as: UTF8.self)
            guard text.hasPrefix("HTTP/1.1 101") else { throw LoadError.handshake(text) }
            input.removeSubrange(..<head.upperBound)
            return
        }
    }

    /// Sends bytes now, or keeps what the kernel does not take for ``flush()``.
    func send(_ bytes: [UInt8]) throws {
        guard unsent.isEmpty else { return unsent += bytes }
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno != EAGAIN { throw LoadError.system("write", errno) }
        if count < bytes.count { unsent = Array(bytes[max(count, 0)...]) }
    }

    /// Sends what was kept.
    func flush() throws {
        let bytes = unsent
        unsent = []
        if !bytes.isEmpty { try send(bytes) }
    }

    /// Reads what there is and calls `body` with the payload of each complete frame.
    func receive(_ buffer: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        guard count != 0 else { throw LoadError.closed }
        guard count > 0 else {
            if errno == EAGAIN { return }
            throw LoadError.system("read", errno)
        }
        if input.isEmpty {
            let rest = frames(in: UnsafeRawBufferPointer(rebasing: buffer[..<count]), body)
            if rest < count { input = Array(buffer[rest..<count]) }
        } else {
            input += buffer[..<count]
            let rest = input.withUnsafeBytes { frames(in: $0, body) }
            input.removeSubrange(..<rest)
        }
    }

    /// Calls `body` for each complete frame that arrived with the upgrade or before.
    func receiveKept(_ body: (UnsafeRawBufferPointer) -> Void) {
        let rest = input.withUnsafeBytes { frames(in: $0, body) }
        input.removeSubrange(..<rest)
    }

    /// How many bytes of `bytes` were complete frames.
    private func frames(in bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Int {
        var index = 0
        while bytes.count - index >= 2 {
            var length = Int(bytes[index + 1] & 0x7F)
            var header = 2
            if length == 126 {
                guard bytes.count - index >= 4 else { break }
                length = Int(bytes[index + 2]) << 8 | Int(bytes[index + 3])
                header = 4
            } else if length == 127 {
                guard bytes.count - index >= 10 else { break }
                length = bytes[(index + 2)..<(index + 10)].reduce(0) { $0 << 8 | Int($1) }
                header = 10
            }
            guard bytes.count - index >= header + length else { break }
            body(UnsafeRawBufferPointer(rebasing: bytes[(index + header)..<(index + header + length)]))
            index += header + length
        }
        return index
    }
}
