import CHiredis

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One connection as hiredis keeps it: commands into its buffer, answers out of it, never waiting.
///
/// Belongs to the thread that made it.
final class RedisLink {
    /// What hiredis says went wrong.
    struct Failure: Error, Hashable {
        let message: String
    }

    private let context: UnsafeMutablePointer<redisContext>

    /// Begins to connect, which ``finishConnecting()`` ends; looking a host name up may take a while.
    ///
    /// Throws ``Failure`` when that cannot even begin.
    init(_ place: RedisAddress.Place) throws(Failure) {
        let made =
            switch place {
            case .tcp(let host, let port): redisConnectNonBlock(host, CInt(port))
            case .unix(let path): redisConnectUnixNonBlock(path)
            }
        guard let made else { throw Failure(message: "out of memory") }
        guard made.pointee.err == 0 else {
            let failure = Self.failure(made)
            redisFree(made)
            throw failure
        }
        context = made
    }

    deinit { redisFree(context) }

    /// The socket, to wait on.
    var descriptor: CInt { context.pointee.fd }

    /// Takes the outcome of connecting, once the socket can be written to; throws ``Failure``.
    func finishConnecting() throws(Failure) {
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else {
            throw Failure(message: SystemError.text(errno))
        }
        guard code == 0 else { throw Failure(message: SystemError.text(code)) }
    }

    /// Puts a command into the buffer; throws ``Failure`` when memory ends.
    func append(_ command: RedisCommand) throws(Failure) {
        var offsets: [Int] = []
        var bytes: [CChar] = []
        bytes.reserveCapacity(command.size + 1)
        for word in command.words {
            offsets.append(bytes.count)
            for byte in word { bytes.append(CChar(bitPattern: byte)) }
        }
        // An empty word must still point somewhere.
        bytes.append(0)
        let sizes = command.words.map(\.count)
        let status = bytes.withUnsafeBufferPointer { buffer in
            var words = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
            return redisAppendCommandArgv(context, CInt(words.count), &words, sizes)
        }
        guard status == REDIS_OK else { throw Self.failure(context) }
    }

    /// Sends what the socket takes and returns whether the buffer is empty then.
    ///
    /// Throws ``Failure``.
    func flush() throws(Failure) -> Bool {
        var isDone: CInt = 0
        guard redisBufferWrite(context, &isDone) == REDIS_OK else { throw Self.failure(context) }
        return isDone != 0
    }

    /// Reads what the socket has, at most 16 KiB; throws ``Failure``, also when the server has closed.
    func receive() throws(Failure) {
        guard redisBufferRead(context) == REDIS_OK else { throw Self.failure(context) }
    }

    /// The next whole answer that was read, `nil` when there is none.
    ///
    /// Throws ``Failure`` for what is not RESP.
    func next() throws(Failure) -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisGetReplyFromReader(context, &reply) == REDIS_OK else { throw Self.failure(context) }
        guard let reply else { return nil }
        defer { freeReplyObject(reply) }
        return RedisValue(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private static func failure(_ context: UnsafeMutablePointer<redisContext>) -> Failure {
        let text = withUnsafeBytes(of: context.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Failure(message: text.isEmpty ? "the connection failed" : text)
    }
}
