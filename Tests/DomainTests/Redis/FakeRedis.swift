import Domain
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A server on a Unix socket that answers every read of each connection by a script, to be what Redis never is.
final class FakeRedis: Sendable {
    struct Failed: Error {}

    private let folder: TemporaryFolder
    private let listener: CInt

    /// Listens; `answer` gets what came in one read, and what it returns is sent.
    init(_ answer: @escaping @Sendable (String) -> String) throws {
        folder = try TemporaryFolder()
        let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = folder.path + "/fake.sock"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound, listen(listener, 8) == 0 else { throw Failed() }
        self.listener = listener
        Thread {
            while case let peer = accept(listener, nil, nil), peer >= 0 {
                Thread { Self.serve(peer, answer) }.start()
            }
            // Not by another thread: this one would go on with whatever gets the number next.
            close(listener)
        }.start()
    }

    deinit { shutdown(listener, CInt(SHUT_RDWR)) }

    var address: RedisAddress { RedisAddress(place: .unix(path: folder.path + "/fake.sock")) }

    private static func serve(_ peer: CInt, _ answer: (String) -> String) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(peer, &bytes, bytes.count), count > 0 {
            let text = answer(String(decoding: bytes[..<count], as: UTF8.self))
            if !text.isEmpty { _ = send(peer, text, text.utf8.count, CInt(MSG_NOSIGNAL)) }
        }
        close(peer)
    }
}
